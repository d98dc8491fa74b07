import { clipText } from "#server/platform/text/clip-text.ts";
import { checkHead } from "./file/check-head.ts";
import { decodeHead, pieceBytes } from "./file/decode-pieces.ts";
import { detectEncoding } from "./file/detect-encoding.ts";
import { detectLayout, type Layout } from "./file/detect-layout.ts";
import { nameOtherFormat, nameOtherText } from "./file/name-other-format.ts";
import type { Delimiter, Encoding, FileNote, RecogniseChoice, RecogniseResult } from "./types.ts";

/** How much of a file `recogniseFile` wants: all of it where it is shorter. */
export const headBytes = pieceBytes;

const headerMaximum = 100;

/** How a file is made, going by its first 64 KiB, or by what the person chose instead; refused where it is no table. */
export function recogniseFile(head: Uint8Array, choice: RecogniseChoice = {}): RecogniseResult {
  const format = nameOtherFormat(head);
  if (format) return otherFormat(format);
  const encoding = choice.encoding ?? detectEncoding(head);
  if (!encoding) return otherFormat("not a text file: there are NUL characters in it");
  const text = decodeHead(head, encoding).replace(/^\ufeff/, "");
  const textFormat = nameOtherText(text);
  if (textFormat) return otherFormat(textFormat);
  return recogniseText({ text, whole: head.byteLength < headBytes }, encoding, choice);
}

type Head = { text: string; whole: boolean };

function recogniseText(head: Head, encoding: Encoding, choice: RecogniseChoice): RecogniseResult {
  const { separator, text } = takeSeparatorLine(head.text);
  const detected = detectLayout({ text, whole: head.whole }, choice.delimiter ?? separator);
  const headerAt = choice.headerRow === undefined ? detected.headerAt : choice.headerRow - 1;
  const rows = detected.rows.map((row, at) => (at === headerAt ? row.map(clipHeader) : row));
  const layout = { ...detected, rows };
  const problem = checkHead({ ...layout, headerAt });
  if (problem) return { ok: false, problem };
  const recognised = {
    encoding,
    delimiter: layout.delimiter,
    separatorLine: text.length < head.text.length,
    headerRow: headerAt + 1,
    headers: layout.rows[headerAt] ?? [],
    notes: [...encodingNotes(encoding, choice), ...titleNotes({ ...layout, headerAt })],
  };
  return { ok: true, recognised };
}

/** A header is repeated in every problem and note of its column: of a file whose headers are long that filled the memory. */
const clipHeader = (header: string) => clipText(header, headerMaximum);

/** `sep=;` on the first line tells spreadsheets the delimiter; they do not show it, so it is no row. */
function takeSeparatorLine(text: string): { separator?: Delimiter; text: string } {
  const line = /^"?sep=([,;|\t])?[^\r\n]*(?:\r\n|\n|\r)/i.exec(text);
  if (!line) return { text };
  return { text: text.slice(line[0].length), ...(line[1] && { separator: line[1] as Delimiter }) };
}

const encodingNames: Partial<Record<Encoding, string>> = {
  "windows-1252": "Windows-1252 (Western European)",
  "windows-1250": "Windows-1250 (Central European)",
  "windows-1251": "Windows-1251 (Cyrillic)",
  "windows-1253": "Windows-1253 (Greek)",
  "windows-1254": "Windows-1254 (Turkish)",
  shift_jis: "Shift JIS (Japanese)",
  gb18030: "GB 18030 (Chinese)",
  big5: "Big5 (Chinese)",
  "euc-kr": "EUC-KR (Korean)",
};

// UTF-8 and UTF-16 are certain; any other encoding is a guess worth a look.
function encodingNotes(encoding: Encoding, choice: RecogniseChoice): FileNote[] {
  const name = encodingNames[encoding];
  if (!name || choice.encoding) return [];
  return [
    { code: "encoding_guessed", message: `Read as ${name}. If letters look wrong, choose another encoding.` },
  ];
}

function titleNotes({ rows, headerAt }: Layout): FileNote[] {
  const above = rows
    .slice(0, headerAt)
    .filter(([first = ""]) => first.trim() !== "" && !/^version:/i.test(first));
  if (above.length === 0) return [];
  return [
    {
      code: "rows_above_header",
      message: `The headings are in row ${headerAt + 1}; what is above them is left out.`,
    },
  ];
}

function otherFormat(format: string): RecogniseResult {
  const save = /spreadsheet|workbook/.test(format)
    ? "Save it as CSV UTF-8 and choose that file."
    : "Choose a CSV file, such as a spreadsheet saved as CSV UTF-8.";
  return { ok: false, problem: { code: "not_a_table", message: `This is ${format}. ${save}` } };
}
