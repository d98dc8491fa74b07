import { checkLine, type Refused, typedMaximum } from "#server/platform/text/check-line.ts";
import type { Note } from "#server/platform/text/clean-text.ts";
import { foldCase } from "#server/platform/text/fold-case.ts";

type CheckedName = { ok: true; name: string; notes: readonly Note[] } | Refused;

export const nameMaximum = 100;
/** With spaces and invisible characters that are taken off. */
export const typedNameMaximum = typedMaximum(nameMaximum);
/** Keys are for sorting and searching; a longer one would not fit into an index entry. */
const keyMaximum = 256;

/** 1 to 100 characters on one line, in any script; kept as typed. */
export function checkPersonName(input: string, field: "First name" | "Last name"): CheckedName {
  const line = checkLine(input, field, nameMaximum);
  return line.ok ? { ok: true, name: line.text, notes: line.notes } : line;
}

const ascii = /^[ -~]*$/;
/** Letters that Unicode does not take apart into a base letter and an accent. */
const wholeLetters: Record<string, string> = {
  ß: "ss",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  ħ: "h",
  ŧ: "t",
  æ: "ae",
  œ: "oe",
  þ: "th",
  ı: "i",
  ŋ: "n",
  ə: "e",
};
const wholeLetter = new RegExp(`[${Object.keys(wholeLetters).join("")}]`, "g");
/** Accents, and the vowel points people leave out in Arabic and Hebrew; not the vowels of Indic scripts, nor kana's voicing. */
const accent = /(?![\u3099\u309a])\p{Script=Inherited}|(?=\p{M})\p{Script=Hebrew}/gu;

/** For searching and sorting names without regard to case and accents: `Øyvind Łuczak` → `oyvind luczak`. */
export function foldText(text: string): string {
  if (ascii.test(text)) return text.toLowerCase();
  const bare = foldCase(text).normalize("NFD").replace(accent, "");
  return bare.replace(wholeLetter, (letter) => wholeLetters[letter] ?? letter).normalize("NFC");
}

/** What names are sorted by and found by their beginning, either way round; for columns with `collate "C"`. */
export function nameKeys(firstName: string, lastName: string): { nameKey: string; givenKey: string } {
  const [first, last] = [foldText(firstName), foldText(lastName)];
  return { nameKey: key(`${last} ${first}`), givenKey: key(`${first} ${last}`) };
}

// A comma never counts: `Berg, Anna` is how lists show a name, and so it is searched for.
function key(text: string): string {
  const words = /[,\s]{2}|,|^\s|\s$/.test(text) ? text.replace(/[,\s]+/g, " ").trim() : text;
  return words.length > keyMaximum ? words.slice(0, keyMaximum).replace(/\p{Surrogate}$/u, "") : words;
}
