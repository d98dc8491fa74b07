import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import iconv from "iconv-lite";
import { toXlsx } from "#server/platform/http/to-xlsx.ts";
import type { Table } from "./people-tables.ts";
import { workbook } from "./workbook.ts";

/** How a program writes a table as text. */
export type Writing = {
  encoding: string;
  mark: boolean;
  delimiter: string;
  quotes: "where needed" | "everywhere" | "around text";
  lineEnd: string;
  /** Whether the last line has an end too. */
  ended: boolean;
};

export const plainly: Writing = {
  encoding: "utf-8",
  mark: false,
  delimiter: ",",
  quotes: "where needed",
  lineEnd: "\n",
  ended: true,
};

/** Every way in which spreadsheets and other programs write Unicode. */
export const writings: fc.Arbitrary<Writing> = fc.record({
  encoding: fc.constantFrom("utf-8", "utf-16le", "utf-16be"),
  mark: fc.boolean(),
  delimiter: fc.constantFrom(",", ";", "\t", "|"),
  quotes: fc.constantFrom("where needed" as const, "everywhere" as const, "around text" as const),
  lineEnd: fc.constantFrom("\n", "\r\n", "\r"),
  ended: fc.boolean(),
});

export function writeTable({ headers, rows }: Table, writing: Writing): Buffer {
  const { encoding, mark, delimiter, lineEnd, ended } = writing;
  const lines = [headers, ...rows].map((cells) => cells.map((cell) => quoted(cell, writing)).join(delimiter));
  const marked = mark || encoding.startsWith("utf-16") ? "\ufeff" : "";
  return iconv.encode(marked + lines.join(lineEnd) + (ended ? lineEnd : ""), encoding);
}

function quoted(cell: string, { quotes, delimiter }: Writing): string {
  const needed = cell.includes(delimiter) || /["\r\n]/.test(cell);
  const wanted = quotes === "everywhere" || (quotes === "around text" && !/^[\d.]*$/.test(cell));
  return needed || wanted ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** The table as Muster writes workbooks: every text in its cell. */
export function writeInlineWorkbook({ headers, rows }: Table): Promise<Buffer> {
  async function* all() {
    yield headers;
    yield* rows;
  }
  return buffer(toXlsx(all(), "People"));
}

/** The table as spreadsheets write it: texts in a list of their own, plain numbers as numbers, nothing for empty cells. */
export function writeSharedWorkbook({ headers, rows }: Table): Promise<Buffer> {
  const texts = new Map<string, number>();
  const place = (text: string) => {
    const known = texts.get(text) ?? texts.size;
    texts.set(text, known);
    return known;
  };
  const cellXml = (cell: string, at: string) => {
    if (cell === "") return "";
    if (/^[1-9]\d{0,9}$/.test(cell)) return `<c r="${at}"><v>${cell}</v></c>`;
    return `<c r="${at}" t="s"><v>${place(cell)}</v></c>`;
  };
  const lines = [headers, ...rows].map((cells, row) => {
    const inside = cells.map((cell, column) => cellXml(cell, `${columnName(column)}${row + 1}`)).join("");
    return inside && `<row r="${row + 1}">${inside}</row>`;
  });
  const sheet = `<worksheet><sheetData>${lines.join("")}</sheetData></worksheet>`;
  const strings = [...texts.keys()].map((text) => `<si><t xml:space="preserve">${escaped(text)}</t></si>`);
  return workbook({ sheets: { People: sheet }, strings: strings.join("") });
}

const columnName = (column: number) => String.fromCharCode(65 + column);

const escaped = (text: string) =>
  text
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, "_x005F_")
    .replace(
      /(?![\t\n])\p{Cc}|[\ufffe\uffff]/gu,
      (character) => `_x${character.charCodeAt(0).toString(16).padStart(4, "0")}_`,
    )
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;");
