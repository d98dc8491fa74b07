import type pg from "pg";
import type { Installation } from "#server/open-installation.ts";
import type { Tenant } from "./installation.ts";
import { asSuperuser } from "./superuser.ts";
import { seconds } from "./time.ts";

/**
 * The final rows of a checked invite file by hand-written INSERT … SELECT: the same tables with the same indexes on the same
 * server, in one transaction. Groups are made beforehand: they are not what is measured. Answers the seconds.
 */
export async function byHand(installation: Installation, { id, door }: Tenant, importId: string) {
  await door.run(async ({ tx }) => {
    await tx.run(
      "insert into groups (tenant_id, id, name, name_key, created_at, updated_at) select $1, gen_random_uuid(), name, name_key, now(), now() from import_groups where tenant_id = $1 and import_id = $2",
      [id, importId],
    );
    await tx.run(
      "update import_groups i set group_id = g.id from groups g where i.tenant_id = $1 and i.import_id = $2 and g.tenant_id = $1 and g.name_key = i.name_key",
      [id, importId],
    );
  });
  return asSuperuser(installation, (client) => seconds(() => insertAll(client, [id, importId])));
}

async function insertAll(client: pg.Client, values: string[]) {
  await client.query("begin");
  for (const sql of handWritten) await client.query(sql, values);
  await client.query("commit");
}

const handWritten = [
  `insert into users (tenant_id, id, email, email_key, first_name, last_name, name_key, given_key, role, status, created_at, updated_at)
   select tenant_id, user_id, email, email_key, first_name, last_name, name_key, given_key, 'member', 'invited', now(), now()
     from import_rows where tenant_id = $1 and import_id = $2`,
  // Names are looked up one by one: as a join this takes three times as long where the planner knows too little.
  `insert into memberships (tenant_id, user_id, group_id)
   select r.tenant_id, r.user_id, i.group_id from import_rows r cross join unnest(r.group_keys) k
    cross join lateral (select group_id from import_groups
                         where tenant_id = $1 and import_id = $2 and name_key = k offset 0) i
    where r.tenant_id = $1 and r.import_id = $2`,
  `insert into links (tenant_id, user_id, purpose, made_at, expires_at)
   select tenant_id, user_id, 'invitation', now(), now() + interval '30 days' from import_rows where tenant_id = $1 and import_id = $2`,
  `insert into messages (tenant_id, id, user_id, kind, due_at, created_at)
   select tenant_id, uuidv7(), user_id, 'user.invited', now(), now() from import_rows where tenant_id = $1 and import_id = $2`,
  `update import_rows set outcome = 'invited' where tenant_id = $1 and import_id = $2`,
];
