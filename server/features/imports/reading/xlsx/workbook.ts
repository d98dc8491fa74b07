import { UnreadableFileError } from "../unreadable-file-error.ts";
import { type CellFormat, readCellFormats } from "./cell-formats.ts";
import { attribute, readPart } from "./parse-part.ts";
import { readRows } from "./read-sheet.ts";
import { readSharedStrings } from "./shared-strings.ts";
import { type Archive, damaged, unzip } from "./unzip.ts";

type Sheet = { name: string; path: string };
export type Parts = {
  archive: Archive;
  sheets: Sheet[];
  sheet: Sheet;
  strings: readonly string[];
  formats: readonly CellFormat[];
  /** Days are counted from 1904, as old Macs did. */
  from1904: boolean;
};

/** More sheets than this nobody chooses from, and no spreadsheet gives one so long a name. */
const mostSheets = 1000;
const longestName = 200;

/** Takes a workbook apart: its sheets, and what their cells refer to. */
export async function openParts(bytes: Buffer, wanted: string | undefined): Promise<Parts> {
  const archive = await unzip(bytes);
  if (!archive.has("[Content_Types].xml")) throw noWorkbook();
  const root = await targetsOf(archive, "_rels/.rels", "");
  const workbook = [...root.values()].find(({ type }) => type.endsWith("/officeDocument"))?.path;
  if (!workbook) throw noWorkbook();
  const { listed, from1904 } = await readWorkbook(archive, workbook);
  if (listed.length === 0) throw noWorkbook();
  const folder = workbook.slice(0, workbook.lastIndexOf("/") + 1);
  const targets = await targetsOf(archive, relsOf(workbook), folder);
  const pathOf = (kind: string) => [...targets.values()].find(({ type }) => type.endsWith(kind))?.path;
  const sheets = listed.flatMap(({ name, id }) => {
    const path = targets.get(id)?.path;
    return path && archive.has(path) ? [{ name, path }] : [];
  });
  // A part that is many sheets is read as often, to the end of each: a small archive would be work for days.
  if (new Set(sheets.map(({ path }) => path)).size < sheets.length) throw damaged();
  const [strings, styles] = [pathOf("/sharedStrings"), pathOf("/styles")];
  const parts = {
    archive,
    sheets,
    strings: strings ? await readSharedStrings(archive, strings) : [],
    formats: styles ? await readCellFormats(archive, styles) : [],
    from1904,
  };
  return { ...parts, sheet: await chooseSheet(parts, wanted) };
}

const relsOf = (path: string) => path.replace(/([^/]*)$/, "_rels/$1.rels");

async function targetsOf(archive: Archive, path: string, folder: string) {
  const targets = new Map<string, { type: string; path: string }>();
  await readPart(archive, path, {
    open: (tag, name) => {
      const target = attribute(tag, "Target");
      if (name !== "Relationship" || target === undefined || attribute(tag, "TargetMode") === "External")
        return;
      targets.set(attribute(tag, "Id") ?? "", {
        type: attribute(tag, "Type") ?? "",
        path: target.startsWith("/") ? target.slice(1) : folder + target.replace(/^\.\//, ""),
      });
    },
  });
  return targets;
}

async function readWorkbook(archive: Archive, path: string) {
  const listed: { name: string; id: string }[] = [];
  let from1904 = false;
  await readPart(archive, path, {
    open: (tag, name) => {
      if (name === "workbookPr") from1904 = /^(?:1|true)$/.test(attribute(tag, "date1904") ?? "");
      // What is hidden is not what the person sees and means.
      if (name !== "sheet" || (attribute(tag, "state") ?? "visible") !== "visible") return;
      const id = Object.entries(tag.attributes).find(([key]) => key.endsWith(":id"))?.[1];
      const called = attribute(tag, "name") ?? "";
      if (listed.length === mostSheets || called.length > longestName) throw damaged();
      listed.push({ name: called, id: typeof id === "string" ? id : "" });
    },
  });
  return { listed, from1904 };
}

/** The sheet of that name, or the first with something in it. */
async function chooseSheet(parts: Omit<Parts, "sheet">, wanted: string | undefined): Promise<Sheet> {
  const [first] = parts.sheets;
  if (!first) throw noWorkbook();
  const named = parts.sheets.find((sheet) => sheet.name === wanted);
  if (named) return named;
  for (const sheet of parts.sheets) {
    for await (const rows of readRows({ ...parts, sheet })) if (rows.length > 0) return sheet;
  }
  return first;
}

/** Nothing is neutralised: what is read here is read again at once. */
const lineOf = (cells: readonly string[]) => `${cells.map(quote).join(",")}\r\n`;
const quote = (cell: string) => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** About how much text is handed on at once. */
const pieceCharacters = 64 * 1024;

/** The rows of the sheet as CSV. Blank rows are lines too, except at the end. */
export async function* csvOf(parts: Parts): AsyncGenerator<Uint8Array> {
  let [text, line] = ["", 1];
  for await (const rows of readRows(parts)) {
    for (const { row, cells } of rows) {
      text += "\r\n".repeat(row - line) + lineOf(cells);
      line = row + 1;
      if (text.length < pieceCharacters) continue;
      yield Buffer.from(text);
      text = "";
    }
  }
  if (text) yield Buffer.from(text);
}

const noWorkbook = () =>
  new UnreadableFileError({
    code: "not_a_table",
    message:
      "This is a zip archive or an Office file without a sheet. Choose a CSV file or an Excel workbook (.xlsx).",
  });
