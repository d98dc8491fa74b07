import type { Note } from "#server/platform/text/clean-text.ts";

export type Mailbox = { address: string; several: boolean; note?: Note };

const bracketsRemoved: Note = { code: "angle_brackets_removed", message: "Angle brackets removed." };
const nameRemoved: Note = {
  code: "display_name_removed",
  message: "The name beside the address was removed.",
};
const schemeRemoved: Note = { code: "mailto_removed", message: "`mailto:` removed." };

/** Takes the address out of what mail programs put on the clipboard: `Ola Olsen <ola@example.com>`, `mailto:…`. */
export function takeMailbox(text: string): Mailbox {
  const open = text.lastIndexOf("<");
  if (open === -1 || !text.endsWith(">")) return withoutScheme(text);
  const name = text.slice(0, open).trim();
  // The name may itself be an address, which is how some programs show people they do not know; not two of them.
  const several = name.includes("<") || /[,;]/.test(name.replace(/"[^"]*"/g, ""));
  const inner = withoutScheme(text.slice(open + 1, -1).trim());
  return { ...inner, several: several || inner.several, note: name ? nameRemoved : bracketsRemoved };
}

function withoutScheme(text: string): Mailbox {
  const address = text.replace(/^mailto:\s*/i, "");
  const several = address.split(/[,;\s/|]+/).filter((part) => /.@./.test(part)).length > 1;
  return { address, several, ...(address.length < text.length && { note: schemeRemoved }) };
}
