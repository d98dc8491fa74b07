import { once } from "node:events";
import { buffer, text } from "node:stream/consumers";
import type { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { toXlsx } from "#server/platform/http/to-xlsx.ts";
import { inPieces, refusal } from "#tests/support/import-file.ts";
import { workbook, zipOf } from "#tests/support/workbook.ts";
import { isWorkbook, openWorkbook } from "./open-workbook.ts";
import { UnreadableFileError } from "./unreadable-file-error.ts";

async function read(bytes: Uint8Array, sheet?: string) {
  const opened = await openWorkbook(inPieces(bytes, 1000), sheet === undefined ? {} : { sheet });
  try {
    return { sheets: opened.sheets, sheet: opened.sheet, csv: await text(opened.rows()) };
  } finally {
    await opened.close();
  }
}

const problem = async (bytes: Uint8Array) => {
  const error = await read(bytes).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(UnreadableFileError);
  return (error as UnreadableFileError).problem.code;
};

const sheetOf = (rows: string) => `<worksheet><sheetData>${rows}</sheetData></worksheet>`;
const inline = (value: string) => `<c t="inlineStr"><is><t>${value}</t></is></c>`;

describe("a workbook", () => {
  test("its cells are read as the person sees them, its rows keep their numbers", async () => {
    const bytes = await workbook({
      strings:
        '<si><t>Anna</t></si><si><r><t>Be</t></r><r><t xml:space="preserve">la </t></r><rPh><t>x</t></rPh></si><si><t>two_x000D_\nlines</t></si>',
      styles: `<numFmts><numFmt numFmtId="164" formatCode="00000"/><numFmt numFmtId="165" formatCode="dd/mm/yyyy"/></numFmts>
        <cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/><xf numFmtId="165"/><xf numFmtId="22"/></cellXfs>`,
      sheets: {
        People: sheetOf(
          `<row r="1">${inline("First name")}${inline("Last, name")}</row>
           <row r="3"><c r="A3" t="s"><v>0</v></c><c r="C3" t="s"><v>1</v></c><c r="D3" t="s"><v>2</v></c></row>
           <row r="4"><c r="A4"><v>1234567890123</v></c><c s="1"><v>123</v></c><c s="2"><v>45000</v></c><c s="3"><v>1</v></c><c s="4"><v>45000.5</v></c></row>
           <row r="5"><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c><c t="str"><f>A1</f><v>=kept</v></c><c><v>0.1</v></c><c><v>1E3</v></c></row>
           <row r="9"><c r="A9"/></row>`,
        ),
      },
    });
    expect(await read(bytes)).toEqual({
      sheets: ["People"],
      sheet: "People",
      csv:
        'First name,"Last, name"\r\n\r\nAnna,,"Bela ","two\r\nlines"\r\n' +
        "1234567890123,00123,2023-03-15,1900-01-01,2023-03-15 12:00:00\r\nTRUE,#N/A,=kept,0.1,1000\r\n",
    });
  });

  test("the first sheet with something in it is read, a hidden one is not offered, another one can be chosen", async () => {
    const bytes = await workbook({
      sheets: {
        Empty: sheetOf(""),
        First: sheetOf(`<row>${inline("a")}</row>`),
        Second: sheetOf(`<row>${inline("b")}</row>`),
      },
      hidden: { Secret: sheetOf(`<row>${inline("s")}</row>`) },
    });
    expect(await read(bytes)).toEqual({ sheets: ["Empty", "First", "Second"], sheet: "First", csv: "a\r\n" });
    expect(await read(bytes, "Second")).toMatchObject({ sheet: "Second", csv: "b\r\n" });
    expect(await read(bytes, "Secret")).toMatchObject({ sheet: "First" });
  });

  test("what Muster writes it reads: every character, nothing that calculates", async () => {
    const cells = ["=1+1", 'a <b> & "c"', " spaces ", "_x0041_", "\u0001\u{1f600}", "line\nbreak", ""];
    async function* rows() {
      yield ["one", "two"];
      yield cells;
    }
    const { csv } = await read(await buffer(toXlsx(rows(), "Problem rows")));
    expect(csv).toBe(`one,two\r\n=1+1,"a <b> & ""c"""," spaces ",_x0041_,\u0001\u{1f600},"line\nbreak"\r\n`);
  });

  test("a hundred thousand rows arrive piece by piece, only as they are asked for", async () => {
    async function* rows() {
      for (let n = 0; n < 100_000; n += 1)
        yield [`First${n}`, `Last${n}`, `p${n}@northwind.example`, "Staff"];
    }
    const opened = await openWorkbook(inPieces(await buffer(toXlsx(rows(), "Many"))), {});
    const first = await opened.rows().next();
    expect(first.value?.byteLength).toBeLessThan(200_000);
    let lines = 0;
    for await (const piece of opened.rows()) lines += Buffer.from(piece).toString().split("\r\n").length - 1;
    await opened.close();
    expect(lines).toBe(100_000);
  });
});

describe("is interrupted in the middle of its work", () => {
  test("while it is opened: whoever waits hears why, and the thread is gone", async () => {
    // Elements without a row: the thread goes through all of them before it answers.
    const bytes = await workbook({ sheets: { A: `<worksheet>${"<x/>".repeat(5_000_000)}</worksheet>` } });
    const begun = new Promise<Worker>((resolve) => process.once("worker", resolve));
    const unwanted = new AbortController();
    const open = () => openWorkbook(inPieces(bytes, 1_000_000), { signal: unwanted.signal });
    const opening = open();
    opening.catch(() => {});
    const thread = await begun;
    const gone = once(thread, "exit");
    await once(thread, "online");
    const reason = new Error("Nobody wants it any more.");
    unwanted.abort(reason);
    await expect(opening).rejects.toBe(reason);
    await gone;
    await expect(open()).rejects.toBe(reason);
  });

  test("while its rows are read", async () => {
    const later = new AbortController();
    const bytes = await workbook({ sheets: { A: sheetOf(`<row>${inline("a")}</row>`) } });
    const opened = await openWorkbook(inPieces(bytes, 1000), { signal: later.signal });
    const rows = opened.rows();
    later.abort(new Error("Nobody wants it any more."));
    await expect(rows.next()).rejects.toThrow("Nobody wants it");
    await opened.close();
  });
});

const range = (length: number) => Array.from({ length }, (_, n) => n);

describe("what is no workbook, or a hostile one, is refused in words", () => {
  const one = sheetOf(`<row>${inline("a")}</row>`);

  test("by its kind", async () => {
    expect(isWorkbook(Buffer.from("First name,Last name"))).toBe(false);
    expect(isWorkbook(await workbook({ sheets: { A: one } }))).toBe(true);
    const picture = await zipOf({ "photo.txt": "not a table" });
    expect(isWorkbook(picture)).toBe(true);
    expect(await problem(picture)).toBe("not_a_table");
    const ods = await zipOf({ mimetype: "application/vnd.oasis.opendocument.spreadsheet" }, { stored: true });
    expect(isWorkbook(ods)).toBe(false);
    expect(refusal(ods)?.message).toMatch(/OpenDocument/);
  });

  test("cut off, or with bytes changed", async () => {
    const bytes = await workbook({ sheets: { A: one } });
    expect(await problem(bytes.subarray(0, bytes.length - 100))).toBe("workbook_damaged");
    expect(await problem(await workbook({ sheets: { A: "<worksheet><sheetData><row>" } }))).toBe(
      "workbook_damaged",
    );
  });

  test("with a document type, whose entities would grow", async () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "${"ha".repeat(1000)}"><!ENTITY b "&a;&a;&a;">]>${sheetOf(`<row>${inline("&b;")}</row>`)}`;
    expect(await problem(await workbook({ sheets: { A: bomb } }))).toBe("workbook_damaged");
  });

  test("with more columns than a list of people has", async () => {
    expect(
      await problem(await workbook({ sheets: { A: sheetOf(`<row>${inline("a").repeat(100_000)}</row>`) } })),
    ).toBe("too_many_columns");
    const far = await workbook({
      sheets: { A: sheetOf(`<row><c r="XFD1"/><c r="XFD1" t="str"><v>x</v></c></row>`) },
    });
    expect(await problem(far)).toBe("too_many_columns");
  });

  test("that unpacks to gigabytes of text, or to one endless value", async () => {
    const texts = `<si><t>${"a".repeat(1000)}</t></si>`.repeat(200_000);
    expect(await problem(await workbook({ sheets: { A: one }, strings: texts }))).toBe("workbook_too_large");
    const endless = sheetOf(`<row>${inline(" ".repeat(20 * 1024 * 1024))}</row>`);
    expect(await problem(await workbook({ sheets: { A: endless } }))).toBe("workbook_damaged");
  });

  test("whose sheets are one and the same, or without end", async () => {
    const bytes = await workbook({ sheets: Object.fromEntries(range(1001).map((n) => [`S${n}`, ""])) });
    expect(await problem(bytes)).toBe("workbook_damaged");
    expect(await problem(await workbook({ sheets: { ["S".repeat(201)]: one } }))).toBe("workbook_damaged");
    const relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const target = (id: string, type: string, path: string) =>
      `<Relationships><Relationship Id="${id}" Type="${relation}/${type}" Target="${path}"/></Relationships>`;
    const same = await zipOf({
      "[Content_Types].xml": "<Types/>",
      "_rels/.rels": target("r1", "officeDocument", "xl/workbook.xml"),
      "xl/workbook.xml": `<workbook xmlns:r="x"><sheets><sheet name="A" r:id="s"/><sheet name="B" r:id="s"/></sheets></workbook>`,
      "xl/_rels/workbook.xml.rels": target("s", "worksheet", "sheet.xml"),
      "xl/sheet.xml": one,
    });
    expect(await problem(same)).toBe("workbook_damaged");
  });

  test("whose archive lies about its sizes", async () => {
    const bytes = await workbook({ sheets: { A: sheetOf(`<row>${inline("a".repeat(5000))}</row>`) } });
    const lying = Buffer.from(bytes);
    // The uncompressed size in each entry of the central directory (APPNOTE 4.3.12).
    for (
      let at = lying.indexOf("PK\x01\x02", 0, "latin1");
      at >= 0;
      at = lying.indexOf("PK\x01\x02", at + 4, "latin1")
    ) {
      lying.writeUInt32LE(10, at + 24);
    }
    expect(await problem(lying)).toBe("workbook_damaged");
  });
});
