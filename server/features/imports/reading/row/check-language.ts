import { quoteText } from "#server/platform/text/clip-text.ts";
import { languageNames } from "../../../tenants/tenant-settings.ts";
import type { CheckedRow } from "../types.ts";
import { readLanguage } from "./read-language.ts";
import { cellOf, note, type RowReading } from "./row-reading.ts";

/** The language of somebody's emails. One that Muster does not write in stops nobody: it is as if nothing were said. */
export function checkLanguage(reading: RowReading): Pick<CheckedRow, "language"> {
  const { language: column, password } = reading.mapping;
  if (column === undefined) return {};
  const read = cellOf(reading, column);
  const language = readLanguage(read);
  if (language !== undefined) return { language };
  // Where there are passwords in the file, what stands in a wrong column may be one.
  const what = password === undefined ? quoteText(read.trim()) : "What stands here";
  note(reading, column, [{ code: "unknown_language", message: `${what} ${unknown}` }]);
  return {};
}

const unknown = `is no language that emails are written in (${Object.values(languageNames).join(", ")}), and is not used.`;
