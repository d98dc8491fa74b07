import type pg from "pg";
import { v7 as uuid } from "uuid";
import type { Context, Door } from "#server/context.ts";
import type { Installation } from "#server/open-installation.ts";
import { newTenant, type Tenant, withInstallation } from "./installation.ts";
import { addManyPeople } from "./many-people.ts";
import { asSuperuser, serverVersion } from "./superuser.ts";
import { seconds } from "./time.ts";

const neighbours = 200;
const ofNeighbour = 1000;

/** An installation with a tenant of `rows` people and two hundred tenants of a thousand beside it, at rest. */
export async function withMillion<T>(
  rows: number,
  work: (installation: Installation, tenant: Tenant, postgres: string) => Promise<T>,
): Promise<T> {
  return withInstallation(async (installation) => {
    const tenant = await newTenant(installation);
    await asSuperuser(installation, async (client) => {
      await fill(client, tenant.id, rows);
      for (let n = 0; n < neighbours; n += 1) await fill(client, uuid(), ofNeighbour);
      await client.query("vacuum analyze");
    });
    return work(installation, tenant, await serverVersion(installation));
  });
}

async function fill(client: pg.Client, tenantId: string, rows: number) {
  await client.query("begin");
  await client.query(
    "insert into tenants (id, slug, name) values ($1::uuid, $1::text, $1::text) on conflict do nothing",
    [tenantId],
  );
  await addManyPeople(client, tenantId, rows);
  await client.query("commit");
}

export type Question = (ctx: Context) => Promise<unknown>;

/** Seconds of each answer: the questions in turn, a bare query through the same pool before each of them. */
export async function askInTurn(door: Door, questions: readonly Question[], times: number) {
  const ours: number[] = [];
  const bare: number[] = [];
  const ask = (question: Question) => seconds(() => door.run(question));
  // What a server that has been up for a minute has done before.
  for (const question of questions) await ask(question);
  for (let n = 0; n < times; n += 1) {
    for (const question of questions) {
      bare.push(await ask(({ tx }) => tx.rows("select 1")));
      ours.push(await ask(question));
    }
  }
  return { ours, bare };
}

/** How long so much of a hundred takes at most. */
export function percentile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * share) / 100))] ?? 0;
}
