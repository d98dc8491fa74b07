import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { claimMessages } from "#server/features/mail/sending/store-claims.ts";
import { noteOutcomes } from "#server/features/mail/sending/store-outcomes.ts";
import type { Installation } from "#server/open-installation.ts";
import { compare, type Options } from "./support/figure.ts";
import { newTenant, withInstallation } from "./support/installation.ts";
import { queueMessages } from "./support/queue-messages.ts";
import { serverVersion } from "./support/superuser.ts";
import { median, seconds } from "./support/time.ts";

export const about =
  "Claiming the last of a long queue of messages against its first, and how much the process grows meanwhile against 50 MB.";
export const bars = { "mail.claim.tail": 1.3, "mail.claim.memory": 1 };
export const usual = { rows: 1_000_000, runs: 1 };

const batch = 100;

/**
 * `mail.claim.tail`: claiming the next batch when nearly all of a long queue has been sent, against claiming at its beginning:
 * the medians of the last and of the first hundredth of the batches. All of it is claimed and noted as accepted in between.
 * `mail.claim.memory`: how much more memory is held afterwards that is no garbage, in MB. What is resident grows by more, which
 * V8 has no reason to give back while there is room.
 */
export async function measure({ rows, runs }: Options) {
  const first: number[] = [];
  const last: number[] = [];
  const grown: number[] = [];
  const resident: number[] = [];
  const postgres = await withInstallation(async (installation) => {
    for (let run = 0; run < runs; run += 1) {
      const { id } = await newTenant(installation);
      await queueMessages(installation, id, rows);
      const [idle, idleHeld] = [process.memoryUsage.rss(), heldMb()];
      const times = await drain(installation, id);
      resident.push((process.memoryUsage.rss() - idle) / 1024 / 1024);
      grown.push(heldMb() - idleHeld);
      const hundredth = Math.max(10, Math.floor(times.length / 100));
      first.push(median(times.slice(0, hundredth)));
      last.push(median(times.slice(-hundredth)));
    }
    return serverVersion(installation);
  });
  const settings = { rows, runs, postgres, batch };
  return [
    compare(
      { figure: "mail.claim.tail", bar: bars["mail.claim.tail"] },
      { ours: last, limit: first },
      settings,
    ),
    {
      figure: "mail.claim.memory",
      ratio: median(grown) / 50,
      bar: bars["mail.claim.memory"],
      ours_s: 0,
      limit_s: 0,
      settings: { ...settings, grownMb: median(grown), limitMb: 50, residentGrownMb: median(resident) },
    },
  ];
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** What is held and no garbage. */
function heldMb(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1024 / 1024;
}

/** Claims and notes batch after batch until none is left; how long each claim took. */
async function drain({ database }: Installation, tenantId: string): Promise<number[]> {
  const sender = "4242";
  const times: number[] = [];
  for (;;) {
    let claimed: { id: string; userId: string }[] = [];
    const took = await seconds(async () => {
      claimed = await database.inTenant(tenantId, (tx) =>
        claimMessages(tx, { tenantId, sender, now: new Date(), limit: batch, urgent: false }),
      );
    });
    if (claimed.length === 0) return times;
    times.push(took);
    const outcomes = claimed.map(({ id, userId }) => ({
      id,
      userId,
      state: "accepted" as const,
      tried: true,
      recipient: "somebody@example.org",
      reply: "250 taken",
      dueAt: null,
    }));
    await database.inTenant(tenantId, async (tx) =>
      noteOutcomes(tx, outcomes, { tenantId, sender, now: new Date() }),
    );
  }
}
