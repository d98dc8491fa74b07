import type { Slot } from "./slots.ts";

/** Whose message it is: a tenant's, or of which kind apart. Turns of what somebody waits for are apart from the others of the same tenant. */
export type Holder = { of: string; urgent: boolean };

export type Held = Map<Slot, Holder>;
type Waiting = { holder: Holder };

/** `mostHanging`: so many of one holder may hang while others wait. */
type Limits = { count: number; hangMs: number; mostHanging: number };
type AtServer = NonNullable<Slot["atServer"]>;

const isSame = (a: Holder, b: Holder) => a.of === b.of && a.urgent === b.urgent;

/** What has been with the mail server for so long, of everybody or of one. */
function hangingOf(held: Held, hangMs: number, holder?: Holder): AtServer[] {
  const since = Date.now() - hangMs;
  return [...held].flatMap(([{ atServer }, other]) =>
    atServer && atServer.since <= since && (!holder || isSame(holder, other)) ? atServer : [],
  );
}

const isForAnother = (holder: Holder, waiting: readonly Waiting[]) =>
  waiting.some((other) => !isSame(other.holder, holder));

/** Those who wait for one more and have as many hanging as they may, while others wait. Mostly nothing hangs. */
export function withTooMany<Of extends Waiting>(
  held: Held,
  waiting: readonly Of[],
  { hangMs, mostHanging }: Limits,
): Of[] {
  if (hangingOf(held, hangMs).length < mostHanging) return [];
  return waiting.filter(
    ({ holder }) => isForAnother(holder, waiting) && hangingOf(held, hangMs, holder).length >= mostHanging,
  );
}

/**
 * Which are given up because somebody else waits: of one who has too many hanging what is beyond that; and where all of them hang,
 * whosever they are, one for what somebody sits and waits for.
 */
export function toGiveUp(held: Held, waiting: readonly Waiting[], { count, hangMs, mostHanging }: Limits) {
  const holders = [...held.values()];
  const each = holders.filter((one, place) => holders.findIndex((other) => isSame(one, other)) === place);
  const tooMany = each
    .filter((holder) => isForAnother(holder, waiting))
    .flatMap((holder) => {
      const hanging = hangingOf(held, hangMs, holder);
      return latest(hanging, hanging.length - mostHanging);
    });
  const urgent = waiting.some(({ holder }) => holder.urgent);
  if (tooMany.length > 0 || !urgent || hangingOf(held, hangMs).length < count) return tooMany;
  const ofOthers = each.filter((holder) => !holder.urgent);
  return latest(
    ofOthers.flatMap((holder) => hangingOf(held, hangMs, holder)),
    1,
  );
}

/** They have waited least in vain. One that was given up and still hangs has had its last line sent, and goes on. */
const latest = (hanging: readonly AtServer[], most: number) =>
  hanging
    .filter(({ giveUp }) => !giveUp.signal.aborted)
    .sort((a, b) => b.since - a.since)
    .slice(0, Math.max(0, most));
