import type { Installation } from "#server/open-installation.ts";
import { asSuperuser } from "./superuser.ts";

/** So many people of a tenant, each with one message due: an invitation accepted at the first look, and never used. */
export const queueMessages = (installation: Installation, tenantId: string, count: number) =>
  asSuperuser(installation, async (client) => {
    await client.query("begin");
    await client.query(
      `insert into users (tenant_id, id, email, email_key, first_name, last_name, name_key, given_key, role, status, created_at, updated_at)
       select $1, gen_random_uuid(), 'person' || n || '@example.org', 'person' || n || '@example.org', 'First' || n, 'Last' || n,
              'last' || n || ' first' || n, 'first' || n || ' last' || n, 'member', 'invited', now(), now()
         from generate_series(1, $2) n`,
      [tenantId, count],
    );
    await client.query(
      `insert into links (tenant_id, user_id, purpose, made_at, expires_at)
       select tenant_id, id, 'invitation', now(), now() + interval '30 days' from users where tenant_id = $1 and status = 'invited'`,
      [tenantId],
    );
    // In batches of one moment each, as an import makes them.
    await client.query(
      `insert into messages (tenant_id, id, user_id, kind, due_at, created_at)
       select tenant_id, id, id, 'user.invited', now() - interval '1 hour' + row_number() over () / 5000 * interval '1 second', now()
         from users where tenant_id = $1 and status = 'invited'`,
      [tenantId],
    );
    await client.query("commit");
    await client.query("vacuum (analyze) messages");
    await client.query("vacuum (analyze) users");
    await client.query("vacuum (analyze) links");
    await client.query("checkpoint");
  });
