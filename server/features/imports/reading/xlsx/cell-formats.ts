import { attribute, readPart } from "./parse-part.ts";
import type { Archive } from "./unzip.ts";

/** How a number is shown where that changes what it says: as a day, or with zeros in front. */
export type CellFormat = "plain" | "date" | { digits: number };

/** Days and times among the formats that need no definition (ECMA-376 part 1, 18.8.30). */
const builtInDates = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 30, 36, 45, 46, 47, 50, 57]);

/** The format of each cell style, by its number. */
export async function readCellFormats(archive: Archive, path: string): Promise<CellFormat[]> {
  const codes = new Map<number, string>();
  const used: number[] = [];
  let inCells = false;
  await readPart(archive, path, {
    open: (tag, name) => {
      if (name === "cellXfs") inCells = true;
      else if (name === "numFmt")
        codes.set(Number(attribute(tag, "numFmtId")), attribute(tag, "formatCode") ?? "");
      else if (name === "xf" && inCells) used.push(Number(attribute(tag, "numFmtId") ?? 0));
    },
    close: (name) => {
      if (name === "cellXfs") inCells = false;
    },
  });
  return used.map((id) => formatOf(id, codes.get(id)));
}

function formatOf(id: number, code: string | undefined): CellFormat {
  if (code === undefined) return builtInDates.has(id) ? "date" : "plain";
  // What stands in quotation marks, in brackets or behind a backslash is shown as it is.
  const bare = code.replace(/"[^"]*"|\[[^\]]*\]|\\./g, "").split(";")[0] ?? "";
  if (/^0{2,}$/.test(bare)) return { digits: bare.length };
  return /[ymdhs]/i.test(bare.replace(/general/i, "")) ? "date" : "plain";
}

const dayMs = 86_400_000;

/** A cell's number as the person sees it. */
export function showNumber(text: string, format: CellFormat, from1904: boolean): string {
  const value = Number(text);
  if (!Number.isFinite(value)) return text;
  if (format === "date") return showDay(value, from1904);
  const plain = Number.isInteger(value) ? BigInt(value).toString() : String(value);
  return format === "plain" ? plain : plain.padStart(format.digits, "0");
}

function showDay(value: number, from1904: boolean): string {
  // Excel believes that 1900 was a leap year: before March 1900 its days are one off.
  const days = from1904 ? value + 1462 : value < 60 ? value + 1 : value;
  const at = new Date(Math.round((days - 25_569) * dayMs));
  if (Number.isNaN(at.getTime())) return String(value);
  const [day = "", time = ""] = at.toISOString().split("T");
  if (value < 1) return time.slice(0, 8);
  return Number.isInteger(value) ? day : `${day} ${time.slice(0, 8)}`;
}
