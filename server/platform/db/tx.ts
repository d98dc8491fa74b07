/** An open transaction, and the only way to the database that features get: there is no pool to reach for. */
export type Tx = {
  /** All rows. */
  rows<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /**
   * All rows of a statement that is asked all the time and whose best plan does not depend on its values: each connection
   * plans it once. Its text has few forms; a number that varies is a value.
   */
  prepared<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /**
   * A prepared statement whose answer nobody waits for: it is on its way together with what follows, at the latest the end of
   * the transaction, which fails if it does.
   */
  send(text: string, values?: readonly unknown[]): void;
  /** The first row, if there is one. */
  row<Row>(text: string, values?: readonly unknown[]): Promise<Row | undefined>;
  /** How many rows a statement wrote. */
  run(text: string, values?: readonly unknown[]): Promise<number>;
};
