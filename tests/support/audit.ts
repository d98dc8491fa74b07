import { chainEvents } from "#server/features/audit/chain/chain-events.ts";
import { type ExportedHead, verifyChain } from "#server/features/audit/chain/verify-chain.ts";
import { record } from "#server/features/audit/record.ts";
import type { TestInstallation } from "./installation.ts";
import type { TestTenant } from "./tenant.ts";

/** Records so many events of people nobody has, each in a transaction of its own. */
export async function recordSome(tenant: TestTenant, count: number) {
  for (let n = 1; n <= count; n++)
    await tenant.run((ctx) =>
      record(ctx, {
        action: "user.changed",
        target: { kind: "user", id: tenant.owner.id },
        changes: { firstName: { before: `Ada ${n}`, after: `Eva ${n}` } },
      }),
    );
}

/** Puts a tenant's events into its chain, as the job does. */
export const chainUp = ({ database, instance }: TestInstallation, tenant: TestTenant) =>
  chainEvents({ database, key: instance.secrets.signingKey }, tenant.id);

type Asked = { now?: Date; exported?: ExportedHead };

/** What verification says of a tenant, as `muster audit verify` would. */
export const verify = (
  { database, instance }: TestInstallation,
  tenant: TestTenant,
  { now = new Date(), exported }: Asked = {},
) =>
  database.asSystem("verify", (tx) =>
    verifyChain(tx, { tenantId: tenant.id, key: instance.secrets.signingKey, now, exported }),
  );

/** The findings alone, as `kind@position`. */
export const findings = async (...asked: Parameters<typeof verify>) =>
  (await verify(...asked)).findings.map(({ kind, position }) => `${kind}@${position ?? ""}`);
