/**
 * Names of groups as one cell that is read as just these: a comma separates groups where the whole cell is no group's name,
 * as in a tenant that has no such group; `;` ends that.
 */
export const groupsCell = (names: readonly string[]): string =>
  names.length === 1 && names[0]?.includes(",") ? `${names[0]};` : names.join("; ");
