import { v7 as uuid } from "uuid";
import type { Door } from "#server/context.ts";
import { sealPassword } from "../credentials/sealed-password.ts";
import { groupNameKey } from "../groups/group-name.ts";
import { nameKeys } from "../users/person-name.ts";
import type { CheckedRow } from "./reading/types.ts";
import type { StagedRow } from "./store-rows.ts";

/** A checked row as it is stored. */
export function stageRow({ tenantId, instance }: Door, row: CheckedRow): StagedRow {
  const userId = uuid();
  const { password } = row;
  return {
    rowNo: row.rowNo,
    userId,
    email: row.email,
    emailKey: row.emailKey,
    firstName: row.firstName,
    lastName: row.lastName,
    ...nameKeys(row.firstName, row.lastName),
    groupKeys: row.groupNames.map(groupNameKey),
    // A row that cannot be imported needs no password kept.
    sealedPassword:
      password === undefined || row.problems.length > 0
        ? null
        : sealPassword(instance.secrets, { tenantId, userId }, password),
    suspended: row.suspended,
    problems: row.problems.length > 0 ? JSON.stringify(row.problems) : null,
    notes: row.notes.length > 0 ? JSON.stringify(row.notes) : null,
  };
}

/** About how many bytes it takes. */
export const sizeOf = ({ problems, notes, groupKeys, ...row }: StagedRow) =>
  (problems?.length ?? 0) +
  (notes?.length ?? 0) +
  groupKeys.reduce((sum, key) => sum + key.length, 0) +
  2 * (row.email.length + row.firstName.length + row.lastName.length);
