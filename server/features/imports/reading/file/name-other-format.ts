type Format = { starts: string; holds?: string; is: string };

// One character per byte. The first that fits counts, so that a workbook comes before the archive it is made of.
const formats: readonly Format[] = [
  { starts: "PK\x03\x04", holds: "xl/", is: "an Excel workbook (.xlsx)" },
  { starts: "PK\x03\x04", holds: "opendocument.spreadsheet", is: "an OpenDocument spreadsheet (.ods)" },
  { starts: "PK\x03\x04", holds: "Index/", is: "a Numbers spreadsheet" },
  { starts: "PK\x03\x04", holds: "word/", is: "a Word document (.docx)" },
  // Some programs put the table far behind the first bytes; the content list comes first in every Office file.
  {
    starts: "PK\x03\x04",
    holds: "[Content_Types].xml",
    is: "an Excel workbook (.xlsx) or another Office file",
  },
  { starts: "PK\x03\x04", is: "a zip archive" },
  // Empty, and in parts. The two letters alone may be a heading: `PK` is what databases call their numbers.
  { starts: "PK\x05\x06", is: "a zip archive" },
  { starts: "PK\x07\x08", is: "a zip archive" },
  { starts: "\xd0\xcf\x11\xe0", is: "an old Excel workbook (.xls) or another old Office file" },
  { starts: "%PDF", is: "a PDF" },
  { starts: "\x89PNG", is: "a picture (PNG)" },
  { starts: "\xff\xd8\xff", is: "a picture (JPEG)" },
  { starts: "GIF8", is: "a picture (GIF)" },
  { starts: "\x1f\x8b", is: "a compressed file (gzip)" },
  { starts: "Rar!", is: "a compressed file (RAR)" },
  { starts: "7z\xbc\xaf", is: "a compressed file (7z)" },
  { starts: "{\\rtf", is: "a text document (RTF)" },
];

const texts: readonly { pattern: RegExp; is: string }[] = [
  { pattern: /^<\?xml/i, is: "an XML file" },
  { pattern: /^<(?:!doctype|html|table|head|body|meta|style)\b/i, is: "a web page (HTML)" },
  { pattern: /^BEGIN:VCARD/i, is: "a contact card (vCard)" },
  { pattern: /^(?:\{\s*"|\[\s*\{)/, is: "a JSON file" },
];

/** What a file that is no table of text is, going by its bytes; undefined where it may well be one. */
export function nameOtherFormat(head: Uint8Array): string | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString("latin1");
  return formats.find(({ starts, holds = "" }) => bytes.startsWith(starts) && bytes.includes(holds))?.is;
}

/** The same, going by its text. */
export const nameOtherText = (text: string): string | undefined =>
  texts.find(({ pattern }) => pattern.test(text.slice(0, 200).trimStart()))?.is;
