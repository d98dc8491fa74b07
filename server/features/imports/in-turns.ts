import type { Context, Door, Job } from "#server/context.ts";
import { exclusively } from "#server/platform/db/exclusively.ts";
import type { Lane } from "#server/platform/jobs/job.ts";

export type Turn = {
  /** The server stops, or somebody else may be at work here soon: leave off between two transactions. */
  stopped(): boolean;
  /** The same, or it is somebody else's turn; not before one piece of work has been begun. */
  over(): boolean;
  /** Fires when the server stops. */
  signal: AbortSignal;
};

type Work<Found> = {
  name: string;
  lane: Lane;
  /** The tenant's next piece of work of this kind. */
  next(ctx: Context): Promise<Found | undefined>;
  work(door: Door, found: Found, turn: Turn): Promise<void>;
};

const lookAgainMs = 3000;

/**
 * A job that does one kind of work of a tenant. At most one worker does it for a tenant at a time, whichever process it is
 * in, and after its turn it queues again behind whoever waits: however much work a tenant has, it holds one worker and
 * gives it up after a few seconds. Whoever comes while another is at it looks again a little later: that one may have been
 * about to leave.
 */
export const inTurns = <Found>(turnMs: number, { name, lane, next, work }: Work<Found>): Job => ({
  name,
  lane,
  run: async ({ tenantId = "" }, { door: doorOf, database, signal, enqueue }) => {
    const door = await doorOf(tenantId);
    if (!door) return;
    const key = `${name}:${tenantId}`;
    let left = true;
    const held = await exclusively(database, key, async (lost) => {
      const ends = Date.now() + turnMs;
      const stopped = () => signal.aborted || lost.aborted;
      const timeIsUp = () => stopped() || Date.now() >= ends;
      let asked = 0;
      const turn = { stopped, over: () => (asked++ === 0 ? stopped() : timeIsUp()), signal };
      do {
        const found = await door.run(next);
        if (!found) {
          left = false;
          return;
        }
        await work(door, found, turn);
      } while (!timeIsUp());
    });
    // Only now that the lock is given back: otherwise another process takes the wake-up and finds it held.
    if (!held) {
      await enqueue(name, { tenantId }, { key: `${key}:again`, runAt: new Date(Date.now() + lookAgainMs) });
    } else if (left) await enqueue(name, { tenantId }, { key });
  },
});
