/** An open transaction, and the only way to the database that features get: there is no pool to reach for. */
export type Tx = {
  /** All rows. */
  rows<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** The first row, if there is one. */
  row<Row>(text: string, values?: readonly unknown[]): Promise<Row | undefined>;
  /** How many rows a statement wrote. */
  run(text: string, values?: readonly unknown[]): Promise<number>;
};
