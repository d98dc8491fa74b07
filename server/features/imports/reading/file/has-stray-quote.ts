import type { Delimiter } from "../types.ts";

/** Whether the text of a row breaks the rules of quoting: a quote inside an unquoted value, or text behind a closing one. */
export function hasStrayQuote(raw: string, delimiter: Delimiter): boolean {
  const text = raw.replace(/(?:\r\n|[\r\n])$/, "");
  let at = 0;
  while (at < text.length) {
    const end = text[at] === '"' ? closingQuote(text, at) + 1 : unquotedEnd(text, at, delimiter);
    if (end < 0 || (end < text.length && text[end] !== delimiter)) return true;
    at = end + 1;
  }
  return false;
}

function unquotedEnd(text: string, from: number, delimiter: Delimiter): number {
  const next = text.indexOf(delimiter, from);
  const end = next === -1 ? text.length : next;
  return text.slice(from, end).includes('"') ? -1 : end;
}

/** -1 where there is none, and then everything behind the opening one was taken for one value. */
function closingQuote(text: string, opening: number): number {
  let at = text.indexOf('"', opening + 1);
  while (at !== -1 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at === -1 ? -2 : at;
}
