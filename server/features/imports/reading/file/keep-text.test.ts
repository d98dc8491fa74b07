import { parse } from "csv-parse";
import fc from "fast-check";
import { expect, test } from "vitest";
import { holds } from "#tests/support/property.ts";
import { csvOptions } from "./csv-options.ts";
import { keepText } from "./keep-text.ts";

const lineEnd = /(?:\r\n|[\r\n])$/;

/** The text of each row as csv-parse copies it, and as it is kept here. */
async function textsOf(text: string, pieceBytes: number) {
  const kept = keepText();
  const rows: { raw: string; row: string; bytes: number }[] = [];
  const parser = parse({
    ...csvOptions(",", 1_000_000),
    raw: true,
    on_record(record) {
      kept.endRow(parser.info.bytes);
      const { raw } = record as unknown as { raw: string };
      rows.push({ raw: raw.replace(lineEnd, ""), row: kept.row(), bytes: kept.bytes() });
      return null;
    },
  });
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += pieceBytes) {
    const piece = bytes.subarray(from, from + pieceBytes);
    kept.add(piece);
    await new Promise((done) => parser.write(piece, done));
  }
  // A quotation mark that is never closed: the rows before it are there all the same.
  await new Promise<void>((done) => parser.on("error", () => {}).end(() => done()));
  return rows;
}

test("the text of a row is what csv-parse would copy, in pieces of any size", async () => {
  const part = fc.constantFrom("a", "Ö", "😀", '"', '""', ",", "\n", "\r\n", "\r", " ", "x y", '","', '"\n"');
  const file = fc.array(part, { maxLength: 60 }).map((parts) => parts.join(""));
  await holds(
    fc.asyncProperty(file, fc.integer({ min: 1, max: 20 }), async (text, pieceBytes) => {
      for (const { raw, row, bytes } of await textsOf(text, pieceBytes)) {
        expect(row.replace(lineEnd, "")).toBe(raw);
        expect(bytes).toBe(Buffer.byteLength(row));
      }
    }),
    500,
  );
});
