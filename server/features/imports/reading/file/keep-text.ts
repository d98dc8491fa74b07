/** The text of the row that was parsed last, line end included. */
export type RowText = { row: () => string; bytes: () => number };

/**
 * Keeps what was read until it is in a row, for the few rows whose text is looked at again: csv-parse would copy the text of
 * every row (`raw`), byte by byte.
 */
export function keepText() {
  let text: Buffer = Buffer.alloc(0);
  /** Places in the whole file: where `text`, the last row and the next row begin. */
  let [begin, row, next] = [0, 0, 0];
  return {
    add(piece: Buffer) {
      const rest = text.subarray(next - begin);
      text = rest.length > 0 ? Buffer.concat([rest, piece]) : piece;
      begin = next;
    },
    /** A row ends so many bytes from the beginning of the file. */
    endRow(end: number) {
      [row, next] = [next, end];
    },
    row: () => text.toString("utf8", row - begin, next - begin),
    bytes: () => next - row,
    /** Where the last row ends, in the whole file. */
    end: () => next,
    /** What is in no row yet. */
    rest: () => text.subarray(next - begin),
  };
}
