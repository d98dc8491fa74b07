/**
 * Rows that a set-based statement takes in, from wherever they are: arrays in memory or a table where they are staged.
 * `$1` in `sql` is always the tenant's id; its own values begin with `$2`.
 */
export type SqlSource = { sql: string; values: readonly unknown[] };

/** `$n` for the k-th further value of a statement that has a source. */
export const after = (source: SqlSource, k: number) => `$${1 + source.values.length + k}`;

/** The users of these ids, as a source of `user_id`. */
export const idsSource = (userIds: readonly string[]): SqlSource => ({
  sql: "select user_id from unnest($2::uuid[]) user_id",
  values: [userIds],
});

/** The rows of a source whose id, a uuid in `column`, is one of these. */
export const only = (source: SqlSource, column: string, ids: readonly string[]): SqlSource => ({
  sql: `select s.* from (${source.sql}) s where s.${column} = any(${after(source, 1)}::uuid[])`,
  values: [...source.values, ids],
});

/** The rows of a source but those whose id, a uuid in `column`, is one of these: mostly there are none. */
export const without = (source: SqlSource, column: string, ids: readonly string[]): SqlSource =>
  ids.length === 0
    ? source
    : {
        sql: `select s.* from (${source.sql}) s where s.${column} <> all(${after(source, 1)}::uuid[])`,
        values: [...source.values, ids],
      };
