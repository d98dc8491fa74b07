import type { Context, JobServices } from "#server/context.ts";
import { nobodysTenant } from "../../tenants/find-tenant.ts";
import { isLimited } from "./pace.ts";
import { uncount } from "./store-pace.ts";

/** So many emails were counted on a day (UTC), and not handed over to a mail server. */
type Unsent = { emails: number; day: string };

/** In the transaction in which it is noted that they were not. */
export async function giveBackToTenant({ tx, tenantId, instance }: Context, { emails, day }: Unsent) {
  const { perMinute } = instance.config.mailTenantPace;
  if (emails > 0) await uncount(tx, { tenantId, emails, day, perMinute });
}

/** In a transaction of its own, that of a tenant sees no other row: where it fails, the day has a few emails fewer. */
export async function giveBackToInstallation(
  { database, instance, log }: Pick<JobServices, "database" | "instance" | "log">,
  { emails, day }: Unsent,
) {
  const { mailPace } = instance.config;
  if (emails === 0 || !isLimited(mailPace)) return;
  const unsent = { tenantId: nobodysTenant, emails, day, perMinute: mailPace.perMinute };
  await database
    .asSystem("emails that were counted and not sent", (tx) => uncount(tx, unsent))
    .catch((error) => log.warn({ err: error, emails }, "emails that were not sent stay counted today"));
}
