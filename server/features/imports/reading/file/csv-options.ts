import type { Delimiter } from "../types.ts";

/** How csv-parse reads every file, its first bytes and the whole alike. */
export const csvOptions = (delimiter: Delimiter, rowBytes: number) => ({
  delimiter,
  // Named, not discovered: files pasted together have mixed line ends, and a wrong guess would merge all rows.
  record_delimiter: ["\r\n", "\n", "\r"],
  // A quotation mark inside a value is taken literally. This alone would also merge rows silently where one is not
  // closed: `hasStrayQuote` finds those.
  relax_quotes: true,
  relax_column_count: true,
  max_record_size: rowBytes,
});
