import type { Job, JobServices } from "#server/context.ts";
import { remindInvited } from "./remind-invited.ts";
import { tenantsWithInvited } from "./store.ts";

const turnMs = 1_000;

const wakeReminding = ({ enqueue }: JobServices, tenantId: string) =>
  enqueue("invitations.remind", { tenantId }, { key: `invitations.remind:${tenantId}` });

/** For one turn; then it is another tenant's. */
async function remindForATurn(tenantId: string, services: JobServices) {
  const turnEnds = Date.now() + turnMs;
  let more = true;
  while (more && !services.signal.aborted && Date.now() < turnEnds) {
    more = (await services.inTenant(tenantId, remindInvited)) ?? false;
  }
  if (more) await wakeReminding(services, tenantId);
}

/** `invitations.remind` writes one tenant's reminders that have fallen due; `invitations.find_due` wakes it. */
export const invitationJobs: readonly Job[] = [
  {
    name: "invitations.remind",
    lane: "quick",
    run: ({ tenantId = "" }, services) => remindForATurn(tenantId, services),
  },
  {
    name: "invitations.find_due",
    lane: "quick",
    cron: "*/10 * * * *",
    run: async (_payload, services) => {
      const tenants = await services.database.asSystem("find invitations to remind of", tenantsWithInvited);
      for (const tenantId of tenants) await wakeReminding(services, tenantId);
    },
  },
];
