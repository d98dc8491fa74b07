import type { Context } from "#server/context.ts";
import { nextId } from "#server/platform/crypto/next-id.ts";
import { generatePassword } from "../credentials/password-rules.ts";
import { sealPassword } from "../credentials/sealed-password.ts";
import { groupsCell } from "../groups/groups-cell.ts";
import { nameKeys } from "../users/person-name.ts";
import type { CheckedRow } from "./reading/types.ts";
import type { StagedRow } from "./store-rows.ts";

type Staging = Pick<Context, "tenantId" | "instance"> & { passwordMinimum?: number };

/** A checked row as it is stored; `userId` is whom it makes. */
export function stageRow(
  { tenantId, instance, passwordMinimum }: Staging,
  row: CheckedRow,
  userId = nextId(),
): StagedRow {
  const { nameKey, givenKey } = nameKeys(row.firstName, row.lastName);
  const password = row.generatePassword ? generatePassword(passwordMinimum) : row.password;
  return {
    rowNo: row.rowNo,
    userId,
    email: row.email,
    emailKey: row.emailKey,
    firstName: row.firstName,
    lastName: row.lastName,
    nameKey,
    givenKey,
    groupKeys: row.groupKeys,
    // Of a row with problems too: mended in place it is imported with the password of the file.
    sealedPassword:
      password === undefined ? null : sealPassword(instance.secrets, { tenantId, userId }, password),
    language: row.language ?? null,
    suspended: row.suspended,
    groupCell: row.problems.length > 0 ? groupsCell(row.groupParts) : null,
    problems: row.problems.length > 0 ? JSON.stringify(row.problems) : null,
    notes: row.notes.length > 0 ? JSON.stringify(row.notes) : null,
  };
}

/** About how many bytes it takes. */
export function sizeOf(row: StagedRow): number {
  let size = 2 * (row.email.length + row.firstName.length + row.lastName.length);
  for (const key of row.groupKeys) size += key.length;
  return size + (row.groupCell?.length ?? 0) + (row.problems?.length ?? 0) + (row.notes?.length ?? 0);
}
