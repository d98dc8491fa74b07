import fc from "fast-check";
import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { toCsv } from "#server/platform/http/to-csv.ts";
import { cellsOf, inPieces, readingProblem, recognise, rowsOf } from "#tests/support/import-file.ts";
import { holds } from "#tests/support/property.ts";
import type { FileNote, ReadOptions } from "./types.ts";

const header = "First name,Last name,Email\n";
const rowNos = async (file: string) => (await rowsOf(file)).map(({ rowNo }) => rowNo);

describe("cells", () => {
  test.each([
    ["commas in quotes", 'John,"Doe, Jr.",j@x.example', ["John", "Doe, Jr.", "j@x.example"]],
    ["doubled quotes", '"a ""b"" c",d,e', ['a "b" c', "d", "e"]],
    ["only quotes", '"""","""""",""', ['"', '""', ""]],
    [
      "line breaks in quotes",
      '"one\ntwo","three\r\nfour","five\rsix"',
      ["one\ntwo", "three\r\nfour", "five\rsix"],
    ],
    ["quotes and line breaks", '"ha ""ha""\nho","a,\n""b""",c', ['ha "ha"\nho', 'a,\n"b"', "c"]],
    ["empty cells", "a,,", ["a", "", ""]],
    ["a quoted empty cell", 'a,"",c', ["a", "", "c"]],
    ["a quote inside an unquoted value", `40° 26' 46" N,b,c`, [`40° 26' 46" N`, "b", "c"]],
    ["text behind a closing quote", '"Jon" JJ,b,c', ['"Jon" JJ', "b", "c"]],
    ["a space before a quoted value", 'a, "Berg" ,c', ["a", "Berg", "c"]],
    ["a space behind a quoted value", '"a" ,"b"  ,c', ["a", "b", "c"]],
    ["an apostrophe", "O'Connor,D'Angelo,'", ["O'Connor", "D'Angelo", "'"]],
    ["JSON in a cell", `a,"{""type"": ""Point""}",c`, ["a", '{"type": "Point"}', "c"]],
    ["characters beyond the basic plane", "😀,陳,ʤ", ["😀", "陳", "ʤ"]],
    ["fewer cells than headers", "a", ["a"]],
    ["empty cells beyond the headers", "a,b,c,,, ,", ["a", "b", "c"]],
  ])("%s", async (_, line, cells) => {
    expect(await cellsOf(`${header}${line}\n`)).toEqual([cells]);
    expect(await cellsOf(`${header}${line}`)).toEqual([cells]);
    expect(await cellsOf(`${header}${line}\r\nnext,row,here`)).toEqual([cells, ["next", "row", "here"]]);
  });

  test.each(["\n", "\r\n", "\r"])("line ends %j", async (end) => {
    const file = `First name,Email${end}Anna,a@x.example${end}Bela,b@x.example${end}`;
    expect(await cellsOf(file)).toEqual([
      ["Anna", "a@x.example"],
      ["Bela", "b@x.example"],
    ]);
  });

  test("mixed line ends, as in files pasted together", async () => {
    expect(await cellsOf("Name,Email\r\na,1\nb,2\rc,3\r\nd,4")).toEqual([
      ["a", "1"],
      ["b", "2"],
      ["c", "3"],
      ["d", "4"],
    ]);
  });

  test("pieces of any size make the same rows", async () => {
    const file = Buffer.from(`\ufeffName,Email\r\n"Zoë ""😀""\r\nMüller",z@x.example\r\n陳,m@x.example\r\n`);
    const whole = await rowsOf(file);
    expect(whole.map(({ cells }) => cells)).toEqual([
      ['Zoë "😀"\r\nMüller', "z@x.example"],
      ["陳", "m@x.example"],
    ]);
    for (const pieces of [1, 2, 3, 5, 7, 64]) expect(await rowsOf(file, { pieces })).toEqual(whole);
  });

  test.each(["utf-16le", "utf-16be"])("%s in pieces of any size, also without a mark", async (encoding) => {
    for (const mark of ["\ufeff", ""]) {
      const file = iconv.encode(`${mark}Name\tEmail\r\nZoë 😀\tz@x.example\r\n陳\tm@x.example\r\n`, encoding);
      for (const pieces of [1, 2, 3, 5, 1000]) {
        expect((await rowsOf(file, { pieces })).map(({ cells }) => cells)).toEqual([
          ["Zoë 😀", "z@x.example"],
          ["陳", "m@x.example"],
        ]);
      }
    }
  });

  test.each(["utf-8", "utf-16le", "utf-16be", "windows-1252"])(
    "%s over the pieces that are parsed at a time",
    async (encoding) => {
      const rows = Array.from({ length: 9000 }, (_, no) => [`Zoë ${"ü".repeat(no % 7)}`, `z${no}@x.example`]);
      const text = `${encoding === "windows-1252" ? "" : "\ufeff"}Name,Email\n${rows.map((row) => row.join(",")).join("\n")}`;
      expect(await cellsOf(iconv.encode(text, encoding))).toEqual(rows);
    },
  );

  test("characters of two halves at every place of a piece", async () => {
    for (const shift of ["", "x", "xx", "xxx"]) {
      const names = `${shift}${"😀".repeat(40_000)}`;
      for (const encoding of ["utf-8", "utf-16le", "utf-16be"]) {
        const [row] = await cellsOf(iconv.encode(`\ufeffName,Email\n${names},b\n`, encoding));
        expect(row?.[0] === names).toBe(true);
      }
    }
  });
});

describe("row numbers are those of the spreadsheet", () => {
  test.each([
    ["the header is row 1", "Name,Email\na,1\nb,2\n", [2, 3]],
    ["blank rows count and are left out", "Name,Email\n\na,1\n,\n , \nb,2\n\n\n", [3, 6]],
    ["a line break inside a cell is no row", 'Name,Email\n"a\n\n\nb",1\nc,2\n', [2, 3]],
    ["blank rows above the header", "\n\nName,Email\na,1\n", [4]],
    ["Entra's version row", "version:v1.0,\nName,Email\na,1\n", [3]],
    ["a separator line is not shown", "sep=,\nName,Email\na,1\n", [2]],
  ])("%s", async (_, file, expected) => {
    expect(await rowNos(file)).toEqual(expected);
  });
});

describe("a row that cannot be trusted", () => {
  test("has too many cells; the next row is read", async () => {
    const rows = await rowsOf(`${header}a,b,c,secret,,e\nd,e,f\n`);
    expect(rows).toMatchObject([
      { rowNo: 2, problem: { code: "too_many_cells", read: "" } },
      { rowNo: 3, cells: ["d", "e", "f"] },
    ]);
    expect(rows[0]?.problem?.message).toMatch(/6 cells, but the file has 3 columns/);
    expect(rows[1]?.problem).toBeUndefined();
  });

  test.each([
    [
      "closed by the next quoted value",
      '"Anna,Berg,a@x.example\n"Bela",Nagy,b@x.example\nCarla,Conti,c@x.example\n',
    ],
    [
      "in the last cell",
      'Anna,Berg,"a@x.example\nBela,Nagy,b@x.example\nBo,Bo,"bo@x.example"\nCarla,Conti,c@x.example\n',
    ],
    [
      "closed by a quote inside a value",
      'Anna,"Berg,a@x.example\nBela "BB" Nagy,x,y\nCarla,Conti,c@x.example\n',
    ],
  ])("holds several rows because a quote is not closed: %s", async (_, file) => {
    const rows = await rowsOf(header + file);
    expect(rows[0]).toMatchObject({ rowNo: 2, problem: { code: "quote_not_closed", read: "" } });
    expect(rows.at(-1)).toEqual({ rowNo: 3, cells: ["Carla", "Conti", "c@x.example"] });
  });
});

describe("not quite UTF-8", () => {
  const ascii = `${header}${"Anna,Berg,a@x.example\n".repeat(4000)}`;

  test("plain for long, then Windows-1252: read as that from the start, and said so", async () => {
    const notes: FileNote[] = [];
    const file = Buffer.concat([
      Buffer.from(ascii),
      iconv.encode("Jürgen,Müller,j@x.example\n", "windows-1252"),
    ]);
    const rows = await rowsOf(file, { onNote: (note) => notes.push(note) });
    expect(rows.at(-1)).toEqual({ rowNo: 4002, cells: ["Jürgen", "Müller", "j@x.example"] });
    expect(notes).toMatchObject([{ code: "read_as_windows_1252" }]);
  });

  test("plain for long, then UTF-8", async () => {
    const notes: FileNote[] = [];
    const rows = await rowsOf(`${ascii}Jürgen,Müller,j@x.example\n`, {
      onNote: (note) => notes.push(note),
      pieces: 1000,
    });
    expect(rows.at(-1)?.cells).toEqual(["Jürgen", "Müller", "j@x.example"]);
    expect(notes).toEqual([]);
  });

  test("UTF-8 with a broken byte: the one cell shows it, everything else is read", async () => {
    const broken = Buffer.concat([Buffer.from("M"), Buffer.from([0xfc]), Buffer.from("ller")]);
    const file = Buffer.concat([
      Buffer.from(`\ufeff${ascii}Jürgen,`),
      broken,
      Buffer.from(",j@x.example\nZoë,Ek,z@x.example\n"),
    ]);
    const rows = await rowsOf(file);
    expect(rows.at(-2)?.cells).toEqual(["Jürgen", "M\ufffdller", "j@x.example"]);
    expect(rows.at(-1)?.cells).toEqual(["Zoë", "Ek", "z@x.example"]);
  });

  test("cut off in the middle of a character", async () => {
    const file = Buffer.from("Name,Email\nZoë,z@x.example\nJürgen,Mü").subarray(0, -1);
    expect((await cellsOf(file)).at(-1)).toEqual(["Jürgen", "M\ufffd"]);
  });
});

describe("hostile files are refused in little memory", () => {
  const recognised = recognise(`${header}a,b,c\n`);

  async function* repeated(start: string, filling: string, times: number) {
    yield Buffer.from(start);
    const piece = Buffer.alloc(1024 * 1024, filling);
    for (let count = 0; count < times; count++) yield piece;
  }

  test.each([
    ["a line of 500 MB", "x"],
    ["a line of 500 MB of separators", ","],
    ["a line of quoted nothing", '"",'],
    ["a quote that opens 500 MB before the end", "x\n"],
    ["a quote that opens, and separators", ",\n"],
  ])("%s", async (name, filling) => {
    const start = name.includes("opens") ? `${header}a,b,c\nd,"` : `${header}a,b,c\n`;
    const before = process.memoryUsage().rss;
    const problem = await readingProblem(repeated(start, filling, 500), recognised);
    expect(problem).toMatchObject({ code: "row_too_long", row: 3 });
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  });

  test("a quote that is never closed: the row it opens in is named", async () => {
    const file = Buffer.from(`${header}a,b,c\n\n"d,e,f\ng,h,i\n`);
    expect(await readingProblem(inPieces(file), recognised)).toMatchObject({
      code: "quote_not_closed",
      row: 4,
    });
  });

  test("more rows than allowed", async () => {
    const file = Buffer.from(`${header}${"a,b,c\n\n".repeat(10)}`);
    expect(await readingProblem(inPieces(file), recognised, { limits: { rows: 10 } })).toBeUndefined();
    expect(await readingProblem(inPieces(file), recognised, { limits: { rows: 9 } })).toMatchObject({
      code: "too_many_rows",
      message: expect.stringContaining("more than 9 rows"),
    });
  });

  test("blank rows without end", async () => {
    expect(await readingProblem(repeated(header, "\n", 10), recognised)).toMatchObject({
      code: "too_many_blank_rows",
    });
  });

  test("a row of a hundred thousand cells keeps five hundred", async () => {
    const [row] = await rowsOf(`${header}${"a,".repeat(100_000)}\n`);
    expect(row).toMatchObject({ problem: { code: "too_many_cells" } });
    expect(row?.cells).toHaveLength(500);
  });

  test("an error of the source comes through", async () => {
    async function* failing() {
      yield Buffer.from(header);
      throw new Error("the disk is gone");
    }
    await expect(readingProblem(failing(), recognised)).rejects.toThrow("the disk is gone");
  });

  test("stopping early ends the source", async () => {
    let ended = false;
    async function* source() {
      try {
        yield* repeated(`${header}a,b,c\n`, "a\n", 500);
      } finally {
        ended = true;
      }
    }
    expect(await readingProblem(source(), recognised, { limits: { rows: 1 } })).toMatchObject({
      code: "too_many_rows",
    });
    expect(ended).toBe(true);
  });
});

/** The same numbers on every run, so that a failure can be looked into. */
function numbers(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

test("what toCsv writes is read as it was", async () => {
  const pieces = [
    "a",
    "Ö",
    "😀",
    '"',
    '""',
    ",",
    ";",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "|",
    " ",
    "'",
    "x y",
    "\u200b",
    "é",
    "0",
  ];
  for (let seed = 1; seed <= 60; seed++) {
    const next = numbers(seed);
    const cell = () => `k${Array.from({ length: next(6) }, () => pieces[next(pieces.length)]).join("")}`;
    const rows = Array.from({ length: 1 + next(30) }, () => [cell(), cell(), cell(), cell()]);
    const file = Buffer.from(toCsv([["First name", "Last name", "Email", "Groups"], ...rows]));
    expect(await cellsOf(file), `seed ${seed}`).toEqual(rows);
    expect(
      (await rowsOf(file, { pieces: 1 + next(40) })).map(({ cells }) => cells),
      `seed ${seed}`,
    ).toEqual(rows);
  }
});

test("a file whose headings stand between quotation marks is read, and refused, as one without any", async () => {
  const part = fc.constantFrom(
    "a",
    "ü",
    "😀",
    ",",
    "\n",
    "\r\n",
    "\r",
    " ",
    "x".repeat(20),
    "Ö".repeat(20),
    "\n\n",
  );
  const body = fc.array(part, { maxLength: 40 }).map((parts) => parts.join(""));
  const limits = fc.record({
    rowBytes: fc.integer({ min: 40, max: 90 }),
    rows: fc.integer({ min: 1, max: 8 }),
  });
  const recognised = recognise("First,Last,Email\na,b,c@x.example\n");
  const outcome = async (file: string, options: ReadOptions) => {
    const problem = await readingProblem(inPieces(Buffer.from(file)), recognised, options);
    return problem ?? rowsOf(file, { ...options, choice: { delimiter: ",", headerRow: 1 } });
  };
  await holds(
    fc.asyncProperty(body, limits, async (rows, limited) => {
      const quoted = await outcome(`"First","Last","Email"\nx,y,z\n${rows}`, { limits: limited });
      expect(await outcome(`First,Last,Email\nx,y,z\n${rows}`, { limits: limited })).toEqual(quoted);
    }),
    300,
  );
});
