import pg from "pg";
import { expect, test } from "vitest";
import type { Context } from "#server/context.ts";
import { chainBatch } from "#server/features/audit/chain/chain-events.ts";
import { record } from "#server/features/audit/record.ts";
import type { Tx } from "#server/platform/db/tx.ts";
import { chainUp, recordSome, verify } from "#tests/support/audit.ts";
import { tenantForEach } from "#tests/support/tenant-for-each.ts";

/** Writers of audit events never wait for one another nor for the chain, and the chain leaves none of them out. */
const { installation, tenant } = tenantForEach();

const writers = 100;

/** A connection of its own, with a transaction that has recorded an event and is still open. */
async function openWriter() {
  const client = new pg.Client({
    ...installation.database.connection.muster_app,
    options: "-c search_path=muster,app",
  });
  await client.connect();
  // Whoever has to wait for another writer or for the chain fails instead.
  await client.query(`set lock_timeout = '10s'; begin; select app.set_tenant('${tenant.id}')`);
  // All that `record` needs of a transaction; the real ones end with their work.
  const tx = {
    run: async (text: string, values: unknown[]) => (await client.query(text, values)).rowCount ?? 0,
  } as unknown as Tx;
  await tenant.run((ctx) => record({ ...ctx, tx } as Context, changed(tenant.owner.id)));
  return {
    commit: async () => {
      await client.query("commit");
      await client.end();
    },
  };
}

const changed = (id: string) =>
  ({
    action: "user.changed",
    target: { kind: "user", id },
    changes: { firstName: { before: "Ada", after: "Eva" } },
  }) as const;

test("a hundred transactions that have recorded and not committed hold up neither each other nor the chain", async () => {
  const open = await Promise.all(Array.from({ length: writers }, openWriter));
  await recordSome(tenant, 3);
  expect(await chainUp(installation, tenant)).toBe(3);
  // The later half commits first: what began earlier is chained later.
  const late = open.splice(0, writers / 2);
  await Promise.all(open.map((writer) => writer.commit()));
  expect(await chainUp(installation, tenant)).toBe(writers / 2);
  await Promise.all(late.map((writer) => writer.commit()));
  expect(await chainUp(installation, tenant)).toBe(writers / 2);
  expect(await verify(installation, tenant)).toMatchObject({ events: writers + 3, findings: [] });
});

test("writers go on while the chain is being made and not committed yet", async () => {
  await recordSome(tenant, 5);
  const key = installation.instance.secrets.signingKey;
  await installation.database.asSystem("make the chain", async (tx) => {
    expect(await chainBatch(tx, { tenantId: tenant.id, key })).toBe(5);
    const open = await Promise.all(Array.from({ length: 10 }, openWriter));
    await Promise.all(open.map((writer) => writer.commit()));
  });
  expect(await chainUp(installation, tenant)).toBe(10);
  expect(await verify(installation, tenant)).toMatchObject({ events: 15, findings: [] });
});

test("with a hundred writers and three that chain at once every event is in the chain exactly once", async () => {
  let writing = true;
  const chainers = Array.from({ length: 3 }, async () => {
    let chained = 0;
    while (writing) chained += await chainUp(installation, tenant);
    return chained;
  });
  const perWriter = 20;
  await Promise.all(Array.from({ length: writers }, () => recordSome(tenant, perWriter)));
  writing = false;
  const before = (await Promise.all(chainers)).reduce((sum, chained) => sum + chained, 0);
  const after = await chainUp(installation, tenant);
  expect(before).toBeGreaterThan(0);
  expect(before + after).toBe(writers * perWriter);
  expect(await verify(installation, tenant)).toMatchObject({
    first: 1,
    last: writers * perWriter,
    events: writers * perWriter,
    findings: [],
  });
  const [left] = await installation.database.query<{ pending: number; linked: number }>(
    `select (select count(*)::int from audit_pending where tenant_id = $1) as pending,
            (select count(distinct event_id)::int from audit_links where tenant_id = $1) as linked`,
    [tenant.id],
  );
  expect(left).toEqual({ pending: 0, linked: writers * perWriter });
});
