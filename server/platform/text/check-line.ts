import { cleanText, type Note } from "./clean-text.ts";

export type Refused = { ok: false; code: string; message: string };
type CheckedLine = { ok: true; text: string; notes: readonly Note[] } | Refused;

const lineBreak = /[\n\r\u0085\u2028\u2029]/;
const control = /\p{Cc}/u;
const plain = /^[!-~]+(?: [!-~]+)*$/;

/** How long a value may be as it was typed or pasted, so that `limit` characters are left when it has been cleaned. */
export const typedMaximum = (limit: number) => limit * 8;

/** One line of text meant for people, such as a name: cleaned, inner spaces single, at most `limit` characters. */
export function checkLine(input: string, field: string, limit: number): CheckedLine {
  if (input.length <= limit && plain.test(input)) return { ok: true, text: input, notes: [] };
  const { text: cleaned, notes } = cleanText(input);
  // A line break often comes from a quotation mark missing in a file: then the value holds pieces of other rows.
  if (lineBreak.test(cleaned)) {
    return refuse("line_break", `${field} has a line break in it. Write it on one line.`);
  }
  // Before anything is folded: that takes time which grows with the square of a hostile text's length.
  if (cleaned.length > typedMaximum(limit)) {
    return refuse("too_long", `${field} is too long; at most ${limit} characters fit. Shorten it.`);
  }
  const text = cleaned.replace(/\s+/g, " ");
  if (text === "") return refuse("required", `${field} is missing.`);
  if (control.test(text)) {
    return refuse(
      "control_character",
      `${field} has a control character in it, which cannot be seen. Type it again.`,
    );
  }
  if (text.includes("\ufffd") || !text.isWellFormed()) {
    return refuse("unreadable_character", `${field} has a character that could not be read. Type it again.`);
  }
  const length = countCharacters(text);
  if (length > limit) {
    return refuse("too_long", `${field} has ${length} characters; at most ${limit} fit. Shorten it.`);
  }
  return { ok: true, text, notes };
}

const refuse = (code: string, message: string): Refused => ({ ok: false, code, message });

/** Code points, so that an emoji or a letter outside the basic plane counts once. */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
