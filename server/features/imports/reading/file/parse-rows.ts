import { parse } from "csv-parse";
import type { Delimiter } from "../types.ts";
import { csvOptions } from "./csv-options.ts";
import { keepText, type RowText } from "./keep-text.ts";
import { splitPlain } from "./split-plain.ts";

const quotationMark = '"'.charCodeAt(0);

type Format = { delimiter: Delimiter; rowBytes: number };

/**
 * Text piece by piece into rows, as csv-parse reads it. It is asked from the first row on that has a quotation mark: without
 * one a file is only lines with separators in them.
 */
export function parseRows({ delimiter, rowBytes }: Format, onRow: (cells: string[], text: RowText) => void) {
  const text = keepText();
  /** Where csv-parse began; undefined as long as there was no quotation mark. */
  let begun: number | undefined;
  const parser = parse({
    ...csvOptions(delimiter, rowBytes),
    // Rows are taken here and not from the stream: a promise for each would cost more than reading it.
    on_record(cells) {
      text.endRow((begun ?? 0) + parser.info.bytes);
      // For a row of another width than the first, csv-parse makes an error that nobody reads: three times the work.
      Object.assign(parser.info, { records: 0 });
      // csv-parse's types know of rows by heading only; without `columns` they are lists.
      onRow(cells as unknown as string[], text);
      return null;
    },
  });
  // The callbacks of `write` and `end` report the same errors; without a listener they would end the process.
  parser.on("error", () => {});

  const split = (last: boolean) => {
    const before = text.end();
    splitPlain({ text: text.rest(), delimiter, last }, (cells, end) => {
      text.endRow(before + end);
      onRow(cells, text);
    });
  };

  return {
    /** How many bytes are in no row yet. */
    waiting: () => text.rest().length,
    async write(piece: Buffer) {
      text.add(piece);
      if (begun !== undefined) return settle((done) => parser.write(piece, done));
      if (!piece.includes(quotationMark)) return split(false);
      begun = text.end();
      return settle((done) => parser.write(text.rest(), done));
    },
    async end() {
      if (begun === undefined) split(true);
      else await settle((done) => parser.end(done));
    },
    stop: () => void parser.destroy(),
  };
}

const settle = (start: (done: (error?: Error | null) => void) => void) =>
  new Promise<void>((resolve, reject) => start((error) => (error ? reject(error) : resolve())));
