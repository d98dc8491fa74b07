import { checkEmailAddress, emailKey } from "./email-address.ts";

type ReadAddresses = {
  /** Each address once, as it was first written, by its key. */
  addresses: Map<string, string>;
  /** What is no address, and why. */
  unreadable: { text: string; message: string }[];
  /** How many pieces the text has; more than `most` are not looked at. */
  pieces: number;
};

/**
 * The addresses of a pasted text: one a line, separated by commas, semicolons or tabs, as `Name <address>` with commas in the
 * names too. Names beside an address are left out; whatever else is there is told.
 */
export function readAddresses(text: string, most = Number.POSITIVE_INFINITY): ReadAddresses {
  const found = piecesOf(text);
  const read: ReadAddresses = { addresses: new Map(), unreadable: [], pieces: found.length };
  if (found.length > most) return read;
  for (const piece of found) {
    const checked = checkEmailAddress(piece);
    if (!checked.ok) {
      read.unreadable.push({ text: piece.slice(0, 100), message: checked.message });
      continue;
    }
    const key = emailKey(checked.address);
    if (!read.addresses.has(key)) read.addresses.set(key, checked.address);
  }
  return read;
}

const piecesOf = (text: string): string[] =>
  text
    .split(/[\r\n;\t]+/)
    .flatMap((line) => (line.includes("<") ? inBrackets(line) : listed(line)))
    .map((piece) => piece.trim())
    .filter(Boolean);

/** Of a line with brackets, what is in them, and addresses without brackets beside them. */
function inBrackets(line: string): string[] {
  const bracketed = [...line.matchAll(/<([^<>]*)>?/g)].map(([, inner = ""]) => inner);
  const beside = line.replace(/"[^"]*"/g, " ").replace(/[^,<]*<[^<>]*>?/g, ",");
  return [...bracketed, ...listed(beside).filter((part) => part.includes("@"))];
}

/** Several addresses with nothing but space between them are several. */
const listed = (line: string): string[] =>
  line.split(",").flatMap((part) => {
    const words = part.trim().split(/\s+/);
    return words.length > 1 && words.every((word) => word.includes("@")) ? words : [part];
  });
