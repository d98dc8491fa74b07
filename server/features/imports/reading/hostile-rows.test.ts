import { describe, expect, test } from "vitest";
import { checkFile, recognise, refusal } from "#tests/support/import-file.ts";
import { checkRow } from "./check-row.ts";
import { recogniseColumns } from "./recognise-columns.ts";

const invite = recogniseColumns(["First name", "Last name", "Email", "Groups"]).mapping;
const marks = "\u0315\u0300".repeat(150_000);

/** In how many milliseconds. */
function timed<T>(work: () => T): { result: T; ms: number } {
  const start = performance.now();
  const result = work();
  return { result, ms: performance.now() - start };
}

test.each([
  ["an address", [...["A", "B"], marks, ""]],
  ["a name", [marks, "B", "a@x.example", ""]],
  ["a group", ["A", "B", "a@x.example", marks]],
  ["groups with commas", ["A", "B", "a@x.example", `${marks},${marks}`]],
  ["a million commas", ["A", "B", "a@x.example", ",".repeat(1_000_000)]],
  ["letters between commas", ["A", "B", "a@x.example", "a,".repeat(500_000)]],
])("%s as large as a row may be is refused at once", (_what, cells) => {
  const { result, ms } = timed(() => checkRow({ rowNo: 2, cells }, invite, () => false));
  expect(result.problems).toHaveLength(1);
  expect(ms).toBeLessThan(200);
});

test("a status as large as a row may be is not understood, at once", () => {
  const { mapping } = recogniseColumns(["First name", "Last name", "Email", "Status"]);
  const cells = ["A", "B", "a@x.example", marks];
  const { result, ms } = timed(() => checkRow({ rowNo: 2, cells }, mapping, () => false));
  expect(result.problems).toMatchObject([{ code: "unknown_status" }]);
  expect(ms).toBeLessThan(200);
});

test("a header of 60 KiB is clipped once, and not repeated whole in every problem", async () => {
  const header = `Groups (${"x".repeat(60_000)})`;
  const { rows, mapping } = await checkFile(
    `First name,Last name,Email,${header}\nA,B,a@x.example,a\u0001b\n`,
  );
  expect(mapping.headers[3]).toHaveLength(100);
  expect(mapping.groups).toEqual([3]);
  expect(rows[0]?.problems[0]?.column).toHaveLength(100);
});

test("of a hundred thousand problems and notes ten are kept, the last says how many more", () => {
  const columns = Array.from({ length: 400 }, (_, n) => `group${n}`);
  const { mapping } = recogniseColumns(["First name", "Last name", "Email", ...columns]);
  const cells = (cell: string) => ["A", "B", "a@x.example", ...columns.map(() => cell)];
  const check = (cell: string) => checkRow({ rowNo: 2, cells: cells(cell) }, mapping, () => false);
  const { problems } = check("\u0001;".repeat(60));
  expect(problems).toHaveLength(10);
  expect(problems.at(-1)).toMatchObject({
    code: "more",
    message: "There are 23991 more problems in this row.",
  });
  const { notes } = check("\u200ba");
  expect(notes).toHaveLength(10);
  expect(notes.at(-1)?.message).toBe("There are 391 more notes in this row.");
});

describe("a password whose row lacks a cell is nowhere in what is kept of the row", () => {
  const header = "First name,Last name,Email,Password,Groups\n";
  test.each([
    ["too few to reach the password", "Anna,Berg,hush-hush-1234\n", "too_few_cells"],
    ["and one behind it", "Berg,anna@x.example,hush-hush-1234,Staff\n", "wrong_columns"],
    ["without an address", "Anna,Berg,hush-hush-1234,Staff\n", "too_few_cells"],
    [
      "two cells in one, two in place of one",
      '"Anna,Berg",anna@x.example,hush-hush-1234,Staff,Sales\n',
      "wrong_columns",
    ],
  ])("%s", async (_what, row, code) => {
    const { rows } = await checkFile(header + row);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.problems).toMatchObject([{ code }]);
    expect(JSON.stringify(rows)).not.toMatch(/hush|1234/);
  });

  test("a row that lacks only its last cell is as good as any", async () => {
    const { rows } = await checkFile(`${header}Anna,Berg,anna@x.example,quiet river stone\n`);
    expect(rows[0]).toMatchObject({ password: "quiet river stone", problems: [] });
  });
});

describe("NUL", () => {
  test("in the head of a file: it is no text, and said why", () => {
    expect(refusal("First name,Last name,Email\nA\0,B,a@x.example\n")?.message).toMatch(
      /not a text file.*NUL/,
    );
  });

  test("in a header or a cell of UTF-16: nothing is kept that cannot be stored", async () => {
    const text = "First name,Last name,Email,\0Note\nA\0,B,a@x.example,\n";
    const bytes = Buffer.from(`\ufeff${text}`, "utf16le");
    expect(JSON.stringify(recognise(bytes))).not.toContain("\\u0000");
    const { rows } = await checkFile(bytes);
    expect(rows[0]?.problems).toMatchObject([{ column: "First name", code: "control_character" }]);
    expect(JSON.stringify(rows)).not.toContain("\\u0000");
  });
});
