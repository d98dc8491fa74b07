import type { ImportRow } from "./contract.ts";
import type { RowRecord } from "./store-rows.ts";

const made = new Set(["created", "invited", "suspended"]);

export const presentRow = (row: RowRecord): ImportRow => ({
  fileNo: row.file_no,
  rowNo: row.row_no,
  email: row.email,
  firstName: row.first_name,
  lastName: row.last_name,
  groups: row.groups,
  outcome: row.outcome as ImportRow["outcome"],
  problems: (row.problems ?? []).map(({ column, code, read, message }) => ({ column, code, read, message })),
  notes: (row.notes ?? []).map(({ column, message }) => ({ column, message })),
  userId: made.has(row.outcome) ? row.user_id : null,
});
