import type { Job, JobServices } from "#server/context.ts";
import type { Database } from "#server/platform/db/database.ts";
import type { Lane } from "#server/platform/jobs/job.ts";
import { type MessageKind, registerKinds } from "./kinds.ts";
import { readOwnServer } from "./own-server/own-server.ts";
import { tellOwnerJob } from "./own-server/tell-owners.ts";
import { deliverMessages } from "./sending/deliver-messages.ts";
import { keepSender, type SenderKeeper } from "./sending/keep-sender.ts";
import { sweepMessages } from "./sending/sweep-messages.ts";
import { type Timing, usualTiming } from "./sending/timing.ts";

type Turn = { urgent: boolean; outside: boolean };

const jobOf = ({ urgent, outside }: Turn) =>
  `mail.deliver${outside ? "_outside" : ""}${urgent ? "_first" : ""}`;

/**
 * `mail.deliver` sends what one tenant has due, `mail.deliver_first` what somebody there waits for; they are only wake-ups, all
 * work is in the table. A tenant with a mail server of its own is handed on to `mail.deliver_outside` and
 * `mail.deliver_outside_first`: such a server may be as slow as it likes, and holds up none of the workers that everybody else
 * needs. `mail.sweep` finds again what has no wake-up, at the start and each minute.
 */
export function mailJobs(kinds: readonly MessageKind[], timing: Timing = usualTiming): Job[] {
  registerKinds(kinds);
  const keepers = new WeakMap<Database, SenderKeeper>();
  const keeperOf = (services: JobServices) => {
    const keeper = keepers.get(services.database) ?? keepSender(services, timing);
    keepers.set(services.database, keeper);
    return keeper;
  };
  const send = ({ urgent, outside }: Turn) =>
    oneAtATime(jobOf({ urgent, outside }), async ({ tenantId = "" }, services) => {
      const own = await services.inTenant(tenantId, readOwnServer);
      if (outside !== (own !== undefined))
        return wake(services, jobOf({ urgent, outside: !outside }), tenantId);
      const { promise: isOver, resolve } = Promise.withResolvers<void>();
      const whole: Promise<void> = keeperOf(services).with((sender) => {
        const over = () => {
          services.outlive(whole);
          resolve();
        };
        return deliverMessages({ tenantId, services, sender, timing, urgent, own, over });
      });
      await Promise.race([isOver, whole]);
    });
  const turns = (lane: Lane, turn: Turn): Job => ({ name: jobOf(turn), lane, run: send(turn) });
  return [
    turns("quick", { urgent: false, outside: false }),
    {
      name: "mail.sweep",
      lane: "quick",
      cron: "* * * * *",
      run: (_payload, services) => sweepMessages(services),
    },
    turns("urgent", { urgent: true, outside: false }),
    turns("outside", { urgent: false, outside: true }),
    turns("outside_urgent", { urgent: true, outside: true }),
    tellOwnerJob(keeperOf),
  ];
}

const wake = ({ enqueue }: JobServices, job: string, tenantId: string) =>
  enqueue(job, { tenantId }, { key: `${job}:${tenantId}` });

/**
 * A tenant that is being served is not served twice at once by one process: otherwise whoever adds messages all the time
 * would take every worker. A wake-up that comes meanwhile makes for another turn of the same job.
 */
function oneAtATime(job: string, run: Job["run"]): Job["run"] {
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
      if (askedAgain.delete(tenantId)) await wake(services, job, tenantId);
    }
  };
}
