import { setTimeout as wait } from "node:timers/promises";
import { chainEvents } from "#server/features/audit/chain/chain-events.ts";
import { record } from "#server/features/audit/record.ts";
import type { Installation } from "#server/open-installation.ts";
import { compare, type Options } from "./support/figure.ts";
import { newTenant, type Tenant, withInstallation } from "./support/installation.ts";
import { serverVersion } from "./support/superuser.ts";
import { seconds } from "./support/time.ts";

export const about =
  "A hundred writers of audit events beside the job that chains them, against the same without it.";
export const bars = { "audit.write": 1.2 };
export const usual = { rows: 10_000, runs: 5 };

const writers = 100;
/** The job comes each minute; here sixty times as often. */
const chainEveryMs = 1000;

/** `audit.write`: events of one tenant, each in a transaction of its own. In turns, so that both meet the same machine. */
export async function measure({ rows, runs }: Options) {
  const ours: number[] = [];
  const limit: number[] = [];
  const postgres = await withInstallation(async (installation) => {
    const tenant = await newTenant(installation);
    await write(tenant, writers);
    for (let run = 0; run < runs; run += 1) {
      await chain(installation, tenant);
      limit.push(await seconds(() => write(tenant, rows)));
      await chain(installation, tenant);
      const chaining = chainUntilStopped(installation, tenant);
      ours.push(await seconds(() => write(tenant, rows)));
      await chaining.stop();
    }
    return serverVersion(installation);
  });
  const settings = { rows, runs, writers, chainEveryMs, postgres };
  return [compare({ figure: "audit.write", bar: bars["audit.write"] }, { ours, limit }, settings)];
}

const chain = ({ database, instance }: Installation, { id }: Tenant) =>
  chainEvents({ database, key: instance.secrets.signingKey }, id);

function chainUntilStopped(installation: Installation, tenant: Tenant) {
  let stopped = false;
  const ended = (async () => {
    while (!stopped) {
      await chain(installation, tenant);
      await wait(chainEveryMs);
    }
  })();
  return {
    stop: () => {
      stopped = true;
      return ended;
    },
  };
}

async function write({ id, door }: Tenant, events: number) {
  let left = events;
  const writer = async () => {
    while (left-- > 0) await door.run((ctx) => record(ctx, changed(id)));
  };
  await Promise.all(Array.from({ length: writers }, writer));
}

const changed = (id: string) =>
  ({
    action: "user.changed",
    target: { kind: "user", id },
    changes: { lastName: { before: "Example", after: "Muster" } },
  }) as const;
