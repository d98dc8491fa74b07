import type { ColumnMapping } from "./reading/types.ts";

/** What each column of a file is used for, in the words of the screen; null where it is not used. */
export function describeColumns(mapping: ColumnMapping): { header: string; use: string | null }[] {
  const uses = new Map<number, string>();
  const note = (column: number | undefined, use: string) => {
    if (column !== undefined) uses.set(column, use);
  };
  note(mapping.firstName, "First name");
  note(mapping.lastName, "Last name");
  note(mapping.fullName, "Full name");
  note(mapping.email, "Email");
  if (mapping.kind === "create") note(mapping.password, "Password");
  note(mapping.blocked?.column, "Suspended or not");
  for (const column of mapping.groups) note(column, "Groups");
  return mapping.headers.map((header, column) => ({ header, use: uses.get(column) ?? null }));
}
