import { isAscii, isUtf8 } from "node:buffer";
import iconv from "iconv-lite";
import type { Encoding, FileNote } from "../types.ts";
import { looksLikeUtf8, wholeCharacters } from "./detect-encoding.ts";

/** How much is decoded and parsed at a time, whatever sizes the source delivers. */
export const pieceBytes = 64 * 1024;

type OnNote = (note: FileNote) => void;
type Decoder = { write: (piece: Buffer) => Buffer; end: () => Buffer };

/** The file as UTF-8 without byte order mark, in pieces of about 64 KiB; a character is never torn apart. */
export async function* decodePieces(chunks: AsyncIterable<Uint8Array>, encoding: Encoding, onNote: OnNote) {
  const decoder = encoding === "utf-8" ? utf8Decoder(onNote) : otherDecoder(encoding);
  for await (const piece of evenPieces(chunks)) yield decoder.write(piece);
  yield decoder.end();
}

/** One byte at a time would be slow, 100 MiB at once would have to be held in memory. */
async function* evenPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let piece = Buffer.allocUnsafe(pieceBytes);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.byteLength; ) {
      const part = chunk.subarray(from, from + pieceBytes - filled);
      piece.set(part, filled);
      from += part.byteLength;
      filled += part.byteLength;
      if (filled < pieceBytes) continue;
      yield piece;
      piece = Buffer.allocUnsafe(pieceBytes);
      filled = 0;
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}

/**
 * A long file can be plain ASCII at first and turn out not to be UTF-8 later. What came before is the same in
 * Windows-1252, so reading goes on in that; once real UTF-8 was seen, what does not fit becomes U+FFFD, which the check
 * of the row then refuses.
 */
function utf8Decoder(onNote: OnNote): Decoder {
  let mode: "ascii" | "utf-8" | "windows-1252" = "ascii";
  let rest: Buffer = Buffer.alloc(0);
  let atStart = true;

  const choose = (body: Buffer) => {
    mode = looksLikeUtf8(body) ? "utf-8" : "windows-1252";
    if (mode === "windows-1252") onNote(notUtf8);
  };
  const decode = (data: Buffer, whole: number): Buffer => {
    const body = data.subarray(0, whole);
    if (mode === "ascii" && !isAscii(body)) choose(body);
    if (mode === "windows-1252") {
      rest = Buffer.alloc(0);
      return Buffer.from(iconv.decode(data, mode));
    }
    rest = data.subarray(whole);
    return isUtf8(body) ? body : Buffer.from(new TextDecoder("utf-8", { ignoreBOM: true }).decode(body));
  };
  return {
    write(piece) {
      const marked = atStart && piece[0] === 0xef && piece[1] === 0xbb && piece[2] === 0xbf;
      if (marked) mode = "utf-8";
      atStart = false;
      const data = Buffer.concat([rest, marked ? piece.subarray(3) : piece]);
      return decode(data, wholeCharacters(data));
    },
    end: () => decode(rest, rest.length),
  };
}

const notUtf8: FileNote = {
  code: "read_as_windows_1252",
  message: "The file is not UTF-8 throughout, so it was read as Windows-1252 (Western European).",
};

function otherDecoder(encoding: Encoding): Decoder {
  const decoder = iconv.getDecoder(encoding);
  let half = "";
  // A character of two halves may be torn apart between two pieces, and half a character cannot be encoded.
  const encode = (text: string, last: boolean) => {
    const whole = half + text;
    half = !last && /[\ud800-\udbff]$/.test(whole) ? whole.slice(-1) : "";
    return Buffer.from(half ? whole.slice(0, -1) : whole);
  };
  return {
    write: (piece) => encode(decoder.write(piece), false),
    end: () => encode(decoder.end() ?? "", true),
  };
}

/** The first bytes of a file as text; a character cut off at their end is left out. */
export function decodeHead(head: Uint8Array, encoding: Encoding): string {
  if (encoding === "utf-8") return new TextDecoder().decode(head.subarray(0, wholeCharacters(head)));
  return iconv.getDecoder(encoding).write(Buffer.from(head.buffer, head.byteOffset, head.byteLength));
}
