import type { Job, JobServices } from "#server/context.ts";
import type { Database } from "#server/platform/db/database.ts";
import { wakeSender, wakeUrgently } from "./add-messages.ts";
import { type MessageKind, registerKinds } from "./kinds.ts";
import { deliverMessages } from "./sending/deliver-messages.ts";
import { keepSender, type SenderKeeper } from "./sending/keep-sender.ts";
import { sweepMessages } from "./sending/sweep-messages.ts";
import { type Timing, usualTiming } from "./sending/timing.ts";

/**
 * `mail.deliver` sends what one tenant has due, `mail.deliver_first` what somebody there waits for; they are only wake-ups, all
 * work is in the table. `mail.sweep` finds again what has no wake-up, at the start and each minute.
 */
export function mailJobs(kinds: readonly MessageKind[], timing: Timing = usualTiming): Job[] {
  registerKinds(kinds);
  const keepers = new WeakMap<Database, SenderKeeper>();
  const keeperOf = (services: JobServices) => {
    const keeper = keepers.get(services.database) ?? keepSender(services, timing);
    keepers.set(services.database, keeper);
    return keeper;
  };
  const send = (urgent: boolean) =>
    oneAtATime(
      async ({ tenantId = "" }, services) =>
        keeperOf(services).with((sender) => deliverMessages({ tenantId, services, sender, timing, urgent })),
      urgent ? wakeUrgently : wakeSender,
    );
  return [
    { name: "mail.deliver", lane: "quick", run: send(false) },
    {
      name: "mail.sweep",
      lane: "quick",
      cron: "* * * * *",
      run: (_payload, services) => sweepMessages(services),
    },
    { name: "mail.deliver_first", lane: "urgent", run: send(true) },
  ];
}

/**
 * A tenant that is being served is not served twice at once by one process: otherwise whoever adds messages all the time
 * would take every worker. A wake-up that comes meanwhile makes for another turn.
 */
function oneAtATime(run: Job["run"], wake: typeof wakeSender): Job["run"] {
  const served = new Set<string>();
  const askedAgain = new Set<string>();
  return async (payload, services) => {
    const { tenantId = "" } = payload;
    if (served.has(tenantId)) {
      askedAgain.add(tenantId);
      return;
    }
    served.add(tenantId);
    try {
      await run(payload, services);
    } finally {
      served.delete(tenantId);
      if (askedAgain.delete(tenantId)) await wake({ enqueue: services.enqueue, tenantId });
    }
  };
}
