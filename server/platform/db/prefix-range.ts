/**
 * The range of a `collate "C"` column in which everything begins with `prefix`: a plain b-tree finds it, also under
 * row-level security, where LIKE would not use an index. `>= from and < to`.
 */
export const prefixRange = (prefix: string) => ({ from: prefix, to: `${prefix}\u{10FFFF}` });
