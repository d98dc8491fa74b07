/** An open transaction, and the only way to the database that features get: there is no pool to reach for. */
export type Tx = {
  /** All rows. */
  rows<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /**
   * All rows of a statement that is asked all the time and always in the same words: a connection parses and plans it once. Its
   * plan must be the same for every tenant and value.
   */
  often<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** The first row, if there is one. */
  row<Row>(text: string, values?: readonly unknown[]): Promise<Row | undefined>;
  /** How many rows a statement wrote. */
  run(text: string, values?: readonly unknown[]): Promise<number>;
};
