import { expect, test } from "vitest";
import { csvLine, fromCsvCell, textCell, toCsv } from "./to-csv.ts";

const cell = (value: string) => csvLine([value]).slice(0, -2);

test("a file has a byte order mark and CRLF line ends", () => {
  expect(
    toCsv([
      ["First name", "Email"],
      ["Anna", "anna@x.example"],
    ]),
  ).toBe("\ufeffFirst name,Email\r\nAnna,anna@x.example\r\n");
});

test.each([
  ["=1+1", "'=1+1"],
  ["+1", "'+1"],
  ["-1", "'-1"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["＝1+1", "'＝1+1"],
  ["  =1+1", "'  =1+1"],
  ["\t=1", `"'\t=1"`],
  ["\r=1", `"'\r=1"`],
  ["\nx", `"'\nx"`],
  ["'=1", "''=1"],
  ['=HYPERLINK("http://evil.example")', `"'=HYPERLINK(""http://evil.example"")"`],
])("%j cannot run as a formula", (value, written) => {
  expect(cell(value)).toBe(written);
});

test.each([
  ["a,b", '"a,b"'],
  ["a;b", '"a;b"'],
  ['say "hi"', '"say ""hi"""'],
  ["two\nlines", '"two\nlines"'],
  [" space ", '" space "'],
  ["O'Connor", "O'Connor"],
  ["'quoted'", "'quoted'"],
  ["", ""],
])("%j is written as %j", (value, written) => {
  expect(cell(value)).toBe(written);
});

test.each(["=1", "'=1", "''=1", "-", "'", "''", "'a", "=", "' =x", "\t", "'\t", "a=1"])(
  "%j comes back as it was",
  (value) => {
    const written = cell(value).replace(/^"([\s\S]*)"$/, "$1");
    expect(fromCsvCell(written)).toBe(value);
    expect(fromCsvCell(textCell(value))).toBe(value);
  },
);
