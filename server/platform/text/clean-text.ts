/** Something that was mended in a value, worth telling whoever typed it. */
export type Note = { code: string; message: string };

type Cleaned = { text: string; notes: readonly Note[] };

const nothing: readonly Note[] = [];

/** What nearly every value is: printable ASCII, no space at either end. One test, and no other work. */
const plain = /^(?:[!-~](?:[ -~]*[!-~])?)?$/;

/** Invisible characters that come along when text is copied from a web page, a mail program or an export. */
const invisible: readonly { characters: RegExp; note: Note }[] = [
  {
    characters: /[\u200b\u2060]/g,
    note: { code: "zero_width_removed", message: "Zero-width space removed." },
  },
  { characters: /\ufeff/g, note: { code: "byte_order_mark_removed", message: "Byte order mark removed." } },
  { characters: /\u00ad/g, note: { code: "soft_hyphen_removed", message: "Soft hyphen removed." } },
  {
    characters: /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    note: { code: "direction_mark_removed", message: "Invisible text direction mark removed." },
  },
];

const noBreakSpace = /[\u00a0\u2007\u202f]/;
const noBreakSpaceRemoved: Note = { code: "no_break_space_removed", message: "No-break space removed." };

// Joiners shape letters inside Persian and Indic names; at the ends they do nothing.
const isJoiner = (character: string) => character === "\u200c" || character === "\u200d";

/** Takes off what cannot be seen: spaces of every kind at both ends, and characters without any width. */
export function cleanText(input: string): Cleaned {
  if (plain.test(input)) return { text: input, notes: nothing };
  const notes: Note[] = [];
  let text = input;
  for (const { characters, note } of invisible) {
    const rest = text.replace(characters, "");
    if (rest.length < text.length) notes.push(note);
    text = rest;
  }
  const [from, to] = withoutEnds(text);
  if (noBreakSpace.test(text.slice(0, from)) || noBreakSpace.test(text.slice(to))) {
    notes.push(noBreakSpaceRemoved);
  }
  return { text: text.slice(from, to), notes };
}

// Not a regular expression: `\s+$` takes quadratic time on a long run of spaces in the middle of a hostile value.
function withoutEnds(text: string): [from: number, to: number] {
  let [from, to] = [0, text.length];
  const blank = (at: number) => text[at]?.trim() === "" || isJoiner(text[at] ?? "");
  while (from < to && blank(from)) from++;
  while (to > from && blank(to - 1)) to--;
  return [from, to];
}
