import { CsvError } from "csv-parse";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { holds } from "#tests/support/property.ts";
import type { Delimiter } from "../types.ts";
import { csvOptions } from "./csv-options.ts";
import { parseRows } from "./parse-rows.ts";
import { splitPlain } from "./split-plain.ts";

type Row = { cells: string[]; raw: string };
type Outcome = { rows: Row[]; error: string | undefined };

const rowBytes = 1_000_000;
const withoutLineEnd = (text: string) => text.replace(/(?:\r\n|[\r\n])$/, "");

const codeOf = (error: unknown) => {
  if (error instanceof CsvError) return error.code;
  throw error;
};

/** What csv-parse makes of the whole at once, with the text of each row as it copies it. */
function expected(text: string, delimiter: Delimiter): Outcome {
  const rows: Row[] = [];
  const take = (record: unknown): null => {
    const { record: cells, raw } = record as { record: string[]; raw: string };
    rows.push({ cells, raw: withoutLineEnd(raw) });
    return null;
  };
  try {
    parse(text, { ...csvOptions(delimiter, rowBytes), raw: true, on_record: take });
    return { rows, error: undefined };
  } catch (error) {
    return { rows, error: codeOf(error) };
  }
}

async function parsed(text: string, delimiter: Delimiter, pieceBytes: number): Promise<Outcome> {
  const rows: Row[] = [];
  const parser = parseRows({ delimiter, rowBytes }, (cells, kept) => {
    expect(kept.bytes()).toBe(Buffer.byteLength(kept.row()));
    rows.push({ cells, raw: withoutLineEnd(kept.row()) });
  });
  try {
    for (const piece of piecesOf(text, pieceBytes)) await parser.write(piece);
    await parser.end();
    return { rows, error: undefined };
  } catch (error) {
    return { rows, error: codeOf(error) };
  } finally {
    parser.stop();
  }
}

/** In pieces of at least so many bytes that tear no character apart. */
function* piecesOf(text: string, bytes: number): Generator<Buffer> {
  let piece = "";
  for (const character of text) {
    piece += character;
    if (Buffer.byteLength(piece) < bytes) continue;
    yield Buffer.from(piece);
    piece = "";
  }
  yield Buffer.from(piece);
}

const delimiter = fc.constantFrom<Delimiter>(",", ";", "\t", "|");
const plainParts = [
  "a",
  "Ö",
  "😀",
  "\0",
  "\ufeff",
  ",",
  ";",
  "\t",
  "|",
  "\n",
  "\r\n",
  "\r",
  " ",
  "x y",
  "'",
  "\u2028",
];
const quotedParts = [...plainParts, '"', '""', '","', '"\n"', '"\r\n', '" "'];
const textOf = (parts: string[]) => {
  const part = fc.oneof({ weight: 20, arbitrary: fc.constantFrom(...parts) }, fc.constant("x".repeat(3000)));
  return fc.array(part, { maxLength: 80 }).map((all) => all.join(""));
};

test("of a row that is not complete nothing is made until it is", () => {
  const text = Buffer.from("a,b\nc,d,e");
  const made: string[] = [];
  text.toString = (_encoding, from, to) => {
    made.push(Buffer.from(text).toString("utf8", from, to));
    return "";
  };
  expect(splitPlain({ text, delimiter: ",", last: false }, () => {})).toBe(4);
  expect(made).toEqual(["a", "b"]);
});

test.each([
  ["without a quotation mark", textOf(plainParts)],
  ["with quotation marks", textOf(quotedParts)],
  [
    "with quotation marks behind plain rows",
    fc.tuple(textOf(plainParts), textOf(quotedParts)).map((two) => two.join("")),
  ],
])("text %s is read as csv-parse reads it, in pieces of any size", async (_, text) => {
  await holds(
    fc.asyncProperty(text, delimiter, fc.integer({ min: 1, max: 40 }), async (file, by, pieceBytes) => {
      expect(await parsed(file, by, pieceBytes)).toEqual(expected(file, by));
    }),
    500,
  );
});
