import type { Tx } from "#server/platform/db/tx.ts";
import type { Language } from "../tenants/tenant-settings.ts";
import type { UserStatus } from "./store.ts";

export type Recipient = {
  name: string;
  address: string;
  firstName: string;
  lastName: string;
  language: Language | null;
  status: UserStatus;
  role: string;
  /** An email to this address came back for good. */
  mailFailed: boolean;
};

/** Whom an email to these users is for. Deleted ones get none, nor do suspended ones: they are not in the answer. */
export async function recipients(
  tx: Tx,
  tenantId: string,
  { userIds, suspendedToo = false }: { userIds: readonly string[]; suspendedToo?: boolean },
) {
  const rows = await tx.rows<{
    id: string;
    email: string;
    first_name: string;
    last_name: string;
    status: UserStatus;
    role: string;
    language: Language | null;
    mail_failed: boolean;
  }>(
    `select id, email, first_name, last_name, status, role, language, mail_failed_at is not null as mail_failed from users
      where tenant_id = $1 and id = any($2::uuid[]) and deleted_at is null and ($3 or status <> 'suspended')`,
    [tenantId, userIds, suspendedToo],
  );
  return new Map(
    rows.map((row): [string, Recipient] => [
      row.id,
      {
        name: `${row.first_name} ${row.last_name}`,
        address: row.email,
        firstName: row.first_name,
        lastName: row.last_name,
        language: row.language,
        status: row.status,
        role: row.role,
        mailFailed: row.mail_failed,
      },
    ]),
  );
}
