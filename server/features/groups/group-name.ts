import { checkLine, type Refused, typedMaximum } from "#server/platform/text/check-line.ts";
import type { Note } from "#server/platform/text/clean-text.ts";
import { foldCase } from "#server/platform/text/fold-case.ts";

type CheckedGroupName = { ok: true; name: string; key: string; notes: readonly Note[] } | Refused;

const maximum = 100;
/** With spaces and invisible characters that are taken off. */
export const typedGroupNameMaximum = typedMaximum(maximum);
/** A few characters unfold into eighteen; a longer key would not fit the index that keeps names unique. */
const keyMaximum = 600;

/** 1 to 100 characters on one line; no `;`, which separates groups in import files. */
export function checkGroupName(input: string): CheckedGroupName {
  const line = checkLine(input, "Group name", maximum);
  if (!line.ok) return line;
  const key = groupNameKey(line.text);
  // In the key too: folding turns a full-width or a Greek semicolon into the plain one.
  if (line.text.includes(";") || key.includes(";")) {
    return {
      ok: false,
      code: "semicolon",
      message: "Group name has a `;` in it, which separates groups. Leave it out.",
    };
  }
  if (key.length > keyMaximum) {
    return { ok: false, code: "too_long", message: "Group name is too long. Shorten it." };
  }
  return { ok: true, name: line.text, key, notes: line.notes };
}

/** What nearly every name is: printable ASCII, words one space apart. Only its case is folded. */
const plain = /^[!-~]+(?: [!-~]+)*$/;

/** Two names with one key are one group: case, Unicode form and the amount of space do not matter, accents do. */
export const groupNameKey = (name: string): string =>
  plain.test(name) ? name.toLowerCase() : foldCase(name).trim().replace(/\s+/g, " ");
