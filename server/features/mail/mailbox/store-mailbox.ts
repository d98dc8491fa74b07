import type { Context } from "#server/context.ts";
import type { InstanceSecrets } from "#server/platform/crypto/instance-secrets.ts";
import type { Tx } from "#server/platform/db/tx.ts";

export type KeptMessage = { id: string; recipient: string; subject: string; source: Buffer };

/** A source opens only as this message of this tenant. */
const sealContext = (tenantId: string, id: string) => `mailbox:${tenantId}:${id}`;

/** Of whom is there: whoever has been erased meanwhile gets none. */
export async function insertMailboxMessages(ctx: Context, messages: readonly KeptMessage[]) {
  const { tx, tenantId, now, instance } = ctx;
  await tx.run(
    `insert into mailbox_messages (tenant_id, id, recipient, subject, sealed_source, received_at)
     select $1, m.id, m.recipient, m.subject, m.sealed_source, $2
       from unnest($3::uuid[], $4::text[], $5::text[], $6::bytea[]) m(id, recipient, subject, sealed_source)
      where (select true from users u
              where u.tenant_id = $1 and u.id = (select s.user_id from messages s where s.tenant_id = $1 and s.id = m.id))
     on conflict (tenant_id, id) do nothing`,
    [
      tenantId,
      now,
      messages.map((message) => message.id),
      messages.map((message) => message.recipient),
      messages.map((message) => message.subject),
      messages.map(({ id, source }) => instance.secrets.seal(source, sealContext(tenantId, id))),
    ],
  );
}

export type MailboxRow = { id: string; slug: string; recipient: string; subject: string; received_at: Date };

type Page = {
  /** Of one tenant; of all as the system role when null. */
  tenantId: string | null;
  search: string | null;
  before: { receivedAt: string; id: string } | null;
  limit: number;
};

const ofTenant = (tenantId: string | null) => (tenantId ? "m.tenant_id = $1" : "$1::uuid is null");

/** The newest first. */
export const listMailboxRows = (tx: Tx, { tenantId, search, before, limit }: Page) =>
  tx.rows<MailboxRow>(
    `select m.id, t.slug, m.recipient, m.subject, m.received_at
       from mailbox_messages m join tenants t on t.id = m.tenant_id
      where ${ofTenant(tenantId)}
        and ($2::text is null or m.recipient ilike $2 or m.subject ilike $2)
        and ($3::timestamptz is null or (m.received_at, m.id) < ($3, $4::uuid))
      order by m.received_at desc, m.id desc limit $5`,
    [tenantId, search && `%${search.replace(/[\\%_]/g, "\\$&")}%`, before?.receivedAt, before?.id, limit],
  );

/** Of one tenant; of any as the system role when null. */
export async function readMailboxMessage(
  tx: Tx,
  which: { tenantId: string | null; id: string },
  secrets: InstanceSecrets,
) {
  const row = await tx.row<MailboxRow & { tenant_id: string; sealed_source: Buffer }>(
    `select m.id, m.tenant_id, t.slug, m.recipient, m.subject, m.received_at, m.sealed_source
       from mailbox_messages m join tenants t on t.id = m.tenant_id
      where ${ofTenant(which.tenantId)} and m.id = $2`,
    [which.tenantId, which.id],
  );
  return row && { row, source: secrets.open(row.sealed_source, sealContext(row.tenant_id, row.id)) };
}

/** As the system role, in all tenants. */
export const removeMailboxMessages = (tx: Tx, receivedBefore: Date) =>
  tx.run("delete from mailbox_messages where received_at < $1", [receivedBefore]);
