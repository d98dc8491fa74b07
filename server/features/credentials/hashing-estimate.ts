import { availableParallelism } from "node:os";
import type { Context } from "#server/context.ts";

/** What one core hashes with the parameters of `hash-password.ts`. */
const perCore = 35;

/** How many passwords of the tenant wait to be hashed, and about how long that takes. */
export async function hashingEstimate({ tx, tenantId }: Context) {
  const found = await tx.row<{ waiting: number }>(
    `select count(*)::int as waiting from credentials
      where tenant_id = $1 and password_hash is null and sealed_password is not null`,
    [tenantId],
  );
  const passwordsWaiting = found?.waiting ?? 0;
  return {
    passwordsWaiting,
    hashingSeconds: Math.ceil(passwordsWaiting / (perCore * availableParallelism())),
  };
}
