import { UnreadableFileError } from "../unreadable-file-error.ts";
import { showNumber } from "./cell-formats.ts";
import { attribute, parsePart, type Tag } from "./parse-part.ts";
import { unescapeText } from "./shared-strings.ts";
import { damaged } from "./unzip.ts";
import type { Parts } from "./workbook.ts";

type Row = { row: number; cells: string[] };

const mostColumns = 500;
/** What a sheet can have at most. */
const mostRows = 1_048_576;

/** The rows of a sheet that have something in them, some at a time. */
export async function* readRows(parts: Parts): AsyncGenerator<Row[]> {
  const reading = collectRows(parts);
  for await (const _ of parsePart(parts.archive, parts.sheet.path, reading)) {
    const rows = reading.take();
    if (rows.length > 0) yield rows;
  }
}

type Cell = { column: number; type: string; style: number };

function collectRows({ strings, formats, from1904 }: Parts) {
  let rows: Row[] = [];
  let [rowNo, column] = [0, -1];
  let cells: string[] = [];
  let cell: Cell | undefined;
  let [text, inText, aloud] = ["", false, false];

  const show = ({ type, style }: Cell): string => {
    if (type === "s") return strings[Number(text)] ?? "";
    if (type === "inlineStr" || type === "str") return unescapeText(text);
    if (type === "b") return text === "1" ? "TRUE" : text === "" ? "" : "FALSE";
    if (type === "e" || type === "d" || text === "") return text;
    return showNumber(text, formats[style] ?? "plain", from1904);
  };
  const endCell = () => {
    if (!cell) return;
    const value = show(cell);
    if (value !== "") {
      if (cell.column >= mostColumns) throw tooManyColumns(rowNo);
      while (cells.length < cell.column) cells.push("");
      cells[cell.column] = value;
    }
    cell = undefined;
  };
  return {
    open: (tag: Tag, name: string) => {
      if (name === "row") {
        const next = Number(attribute(tag, "r") ?? rowNo + 1);
        if (!Number.isInteger(next) || next <= rowNo || next > mostRows) throw damaged();
        [rowNo, column, cells] = [next, -1, []];
      } else if (name === "c") {
        column = columnOf(attribute(tag, "r")) ?? column + 1;
        cell = { column, type: attribute(tag, "t") ?? "n", style: Number(attribute(tag, "s") ?? 0) };
        text = "";
      } else if (name === "rPh") aloud = true;
      else if (name === "v" || name === "t") inText = cell !== undefined && !aloud;
    },
    text: (piece: string) => {
      if (inText) text += piece;
    },
    close: (name: string) => {
      if (name === "v" || name === "t") inText = false;
      else if (name === "rPh") aloud = false;
      else if (name === "c") endCell();
      else if (name === "row" && cells.length > 0) rows.push({ row: rowNo, cells });
    },
    take: (): Row[] => {
      const taken = rows;
      rows = [];
      return taken;
    },
  };
}

/** `AB12` → 27. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = reference && /^[A-Z]{1,3}/.exec(reference)?.[0];
  if (!letters) return undefined;
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

const tooManyColumns = (row: number) =>
  new UnreadableFileError({
    code: "too_many_columns",
    row,
    message: `Row ${row} has more than ${mostColumns} columns. Delete those that are not needed, then choose the file again.`,
  });
