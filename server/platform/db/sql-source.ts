/**
 * Rows that a set-based statement takes in, from wherever they are: arrays in memory or a table where they are staged.
 * `$1` in `sql` is always the tenant's id; its own values begin with `$2`.
 */
export type SqlSource = { sql: string; values: readonly unknown[] };

/** `$n` for the k-th further value of a statement that has a source. */
export const after = (source: SqlSource, k: number) => `$${1 + source.values.length + k}`;
