import { isUtf8 } from "node:buffer";
import chardet from "chardet";
import type { Encoding } from "../types.ts";

/** The encoding of the first bytes of a file; undefined where they are no text at all. */
export function detectEncoding(head: Uint8Array): Encoding | undefined {
  return markedEncoding(head) ?? (head.includes(0) ? wideEncoding(head) : narrowEncoding(head));
}

function markedEncoding([first, second, third]: Uint8Array): Encoding | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return undefined;
}

// UTF-16 without a mark: every second byte of Latin letters, digits and separators is zero, and hardly one of the others.
function wideEncoding(head: Uint8Array): Encoding | undefined {
  const zeros: [number, number] = [0, 0];
  for (let at = 0; at < head.length; at++) if (head[at] === 0) zeros[at % 2 === 0 ? 0 : 1]++;
  const [even, odd] = zeros;
  const pairs = head.length / 2;
  if (odd > pairs * 0.3 && even < odd * 0.1) return "utf-16le";
  if (even > pairs * 0.3 && odd < even * 0.1) return "utf-16be";
  return undefined;
}

function narrowEncoding(head: Uint8Array): Encoding {
  return looksLikeUtf8(head.subarray(0, wholeCharacters(head))) ? "utf-8" : nationalEncoding(head);
}

/** Up to where `bytes` hold whole UTF-8 characters: the last one may continue in the next piece. */
export function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) return lengthOf(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

const lengthOf = (lead: number) => (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2);

/** Valid, or damaged in a few places only: no other encoding makes a row of valid characters by chance. */
export function looksLikeUtf8(bytes: Uint8Array): boolean {
  if (isUtf8(bytes)) return true;
  const text = new TextDecoder().decode(bytes);
  const beyondAscii = text.match(/[^\0-\x7f]/gu) ?? [];
  const unreadable = beyondAscii.filter((character) => character === "\ufffd").length;
  return unreadable * 10 < beyondAscii.length;
}

const eastAsian: Record<string, Encoding> = {
  Shift_JIS: "shift_jis",
  GB18030: "gb18030",
  Big5: "big5",
  "EUC-KR": "euc-kr",
};
const otherScripts: Record<string, Encoding> = {
  "windows-1251": "windows-1251",
  "windows-1253": "windows-1253",
  "ISO-8859-7": "windows-1253",
};
/** What chardet says of East Asian text is sound from here on; of a few accents in names it is not. */
const sound = 50;

/**
 * Windows-1252, what spreadsheets of Western Europe write, unless the bytes speak clearly against it: languages that
 * differ in accents only (Czech, Turkish) cannot be told apart by a handful of names, and are left to the person.
 */
function nationalEncoding(head: Uint8Array): Encoding {
  const words = wordsBeyondAscii(head);
  const matches = chardet.analyse(Buffer.from(words, "latin1"));
  const asian = matches.find(({ name, confidence }) => eastAsian[name] && confidence >= sound);
  if (asian) return eastAsian[asian.name] ?? "windows-1252";
  if (isOtherScript(words)) {
    const script = matches.find(({ name }) => otherScripts[name]);
    if (script) return otherScripts[script.name] ?? "windows-1252";
  }
  return hasSymbolsInWords(words) ? "windows-1250" : "windows-1252";
}

// Addresses, dates and English headings would make every language look like English. Bytes below 0x40 are no part of
// a character in any of these encodings.
function wordsBeyondAscii(head: Uint8Array): string {
  const words = Buffer.from(head)
    .toString("latin1")
    .split(/[\0-?]+/);
  return words.filter((word) => /[\x80-\xff]/.test(word)).join(" ");
}

// In Greek and Cyrillic nearly every letter is beyond ASCII, in French hardly every third.
const isOtherScript = (words: string) =>
  (words.match(/[\x80-\xff]/g)?.length ?? 0) > 0.7 * (words.match(/[A-Za-z\x80-\xff]/g)?.length ?? 0);

// The Polish ł and ą read as ³ and ¹ in Windows-1252, Ł as £: `Micha³` is no word.
const hasSymbolsInWords = (words: string) => /[a-zà-ÿ][\xb3\xb9\xbe\xbf]|[\xa3\xaf\xa5][a-zà-ÿ]/.test(words);
