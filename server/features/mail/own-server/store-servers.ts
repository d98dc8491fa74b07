import { v7 as uuid } from "uuid";
import type { Context } from "#server/context.ts";
import type { Tx } from "#server/platform/db/tx.ts";
import type { Language } from "../../tenants/tenant-settings.ts";

/** A tenant's own mail server as it is kept. */
export type KeptServer = {
  revision: string;
  host: string;
  port: number;
  security: "tls" | "starttls" | "none";
  login_user: string | null;
  sealed_password: Buffer | null;
  from_address: string;
  bounce_address: string | null;
};

export const readKeptServer = (tx: Tx, tenantId: string) =>
  tx.row<KeptServer>(
    `select revision, host, port, security, login_user, sealed_password, from_address, bounce_address
       from mail_servers where tenant_id = $1`,
    [tenantId],
  );

type Where = Pick<Context, "tx" | "tenantId" | "now">;
/** Of which revision the row must still be; null: there must be none. */
type Expected = string | null;

/** Answers whether it was written. */
export async function writeKeptServer(
  { tx, tenantId, now }: Where,
  server: Omit<KeptServer, "revision">,
  expected: Expected,
): Promise<boolean> {
  const { host, port, security, login_user, sealed_password, from_address, bounce_address } = server;
  const where = [host, port, security, login_user, sealed_password, from_address, bounce_address];
  const values = [tenantId, uuid(), ...where, now];
  if (expected === null) {
    return (
      (await tx.run(
        `insert into mail_servers (tenant_id, revision, host, port, security, login_user, sealed_password,
                                   from_address, bounce_address, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (tenant_id) do nothing`,
        values,
      )) > 0
    );
  }
  return (
    (await tx.run(
      `update mail_servers set revision = $2, host = $3, port = $4, security = $5, login_user = $6,
              sealed_password = $7, from_address = $8, bounce_address = $9, updated_at = $10
        where tenant_id = $1 and revision = $11`,
      [...values, expected],
    )) > 0
  );
}

/** Answers whether it was removed. */
export const removeKeptServer = async ({ tx, tenantId }: Pick<Where, "tx" | "tenantId">, expected: string) =>
  (await tx.run("delete from mail_servers where tenant_id = $1 and revision = $2", [tenantId, expected])) > 0;

/** To whom a test email goes. `sent`: how many messages the address was sent since then. */
export const readAddress = (tx: Tx, which: { tenantId: string; userId: string; since: Date }) =>
  tx.row<{ email: string; first_name: string; last_name: string; failed: boolean; sent: number }>(
    `select u.email, u.first_name, u.last_name, u.mail_failed_at is not null as failed,
            (select count(*)::int from messages m
              where m.tenant_id = $1 and m.recipient_key = u.email_key
                and m.state in ('accepted', 'bounced') and m.finished_at >= $3) as sent
       from users u where u.tenant_id = $1 and u.id = $2`,
    [which.tenantId, which.userId, which.since],
  );

const owners = "role = 'owner' and role <> 'member' and status = 'active' and deleted_at is null";

export const listOwners = (tx: Tx, tenantId: string) =>
  tx.rows<{ id: string }>(`select id from users where tenant_id = $1 and ${owners} order by id`, [tenantId]);

type Person = {
  email: string;
  first_name: string;
  last_name: string;
  language: Language | null;
  is_owner: boolean;
};

export const readPerson = (tx: Tx, tenantId: string, userId: string) =>
  tx.row<Person>(
    `select email, first_name, last_name, language, ${owners} as is_owner from users where tenant_id = $1 and id = $2`,
    [tenantId, userId],
  );
