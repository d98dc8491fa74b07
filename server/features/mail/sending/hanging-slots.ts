import type { Slot } from "./slots.ts";

/** Whose message it is: a tenant's, or of which kind apart. Turns of what somebody waits for are apart from the others of the same tenant. */
export type Holder = { of: string; urgent: boolean };

export type Held = ReadonlyMap<Slot, Holder>;
type Waiting = { holder: Holder };
type AtServer = NonNullable<Slot["atServer"]>;
/** A message that the mail server has kept waiting for too long. */
export type Hanging = { atServer: AtServer; holder: Holder };

/** How much somebody holds up others: how many of theirs hang, and how many were given up lately. */
export type Burden = (holder: Holder) => number;

/** `mostHanging`: so many may hang while others wait, whosever they are. */
type Limits = { count: number; mostHanging: number };

export const nameOf = ({ of, urgent }: Holder) => `${of} ${urgent}`;

/** What has been with the mail server for so long. */
export function hangingIn(held: Held, ms: number): Hanging[] {
  const since = Date.now() - ms;
  return [...held].flatMap(([{ atServer }, holder]) =>
    atServer && atServer.since <= since ? { atServer, holder } : [],
  );
}

/** By `nameOf`, until when each counts that was given up. */
export type GivenUp = ReadonlyMap<string, readonly number[]>;

export function burdensOf(hanging: readonly Hanging[], givenUp: GivenUp): Burden {
  const ofEach = Map.groupBy(hanging, ({ holder }) => nameOf(holder));
  const now = Date.now();
  return (holder) => {
    const name = nameOf(holder);
    const lately = givenUp.get(name)?.filter((until) => until > now) ?? [];
    return (ofEach.get(name)?.length ?? 0) + lately.length;
  };
}

/**
 * Those who wait for one more and get none, once as many hang as may: who holds up others more than somebody else does who waits.
 * What somebody sits and waits for steps back for its like alone, unless as many of theirs hang as of all.
 */
export function withTooMany<Of extends Waiting>(
  waiting: readonly Of[],
  { hanging, burden, mostHanging }: { hanging: number; burden: Burden } & Pick<Limits, "mostHanging">,
): Of[] {
  if (hanging < mostHanging || waiting.length === 0) return [];
  const [least, leastUrgent] = [leastOf(waiting, burden), leastOf(waiting.filter(isUrgent), burden)];
  return waiting.filter(({ holder }) => {
    const own = burden(holder);
    return own > (holder.urgent && own < Math.max(1, mostHanging) ? leastUrgent : least);
  });
}

/**
 * Which are given up because somebody waits who holds up others less: what is beyond as many as may hang, each time the latest of whoever
 * has most; and where all connections hang, one of anybody's for what somebody sits and waits for.
 */
export function toGiveUp(
  waiting: readonly Waiting[],
  {
    hanging,
    overdue,
    burden,
    count,
    mostHanging,
  }: Limits & Record<"hanging" | "overdue", Hanging[]> & { burden: Burden },
): Hanging[] {
  const least = leastOf(waiting, burden);
  const given: Hanging[] = [];
  const left = (holder: Holder) =>
    burden(holder) - given.filter((one) => nameOf(one.holder) === nameOf(holder)).length;
  while (overdue.length - given.length > mostHanging) {
    const next = worst(
      overdue.filter((one) => !given.includes(one) && left(one.holder) > least),
      left,
    );
    if (!next) break;
    given.push(next);
  }
  if (given.length > 0 || !waiting.some(isUrgent) || hanging.length < count) return given;
  const one = worst(
    hanging.filter((other) => !isUrgent(other)),
    burden,
  );
  return one ? [one] : [];
}

const isUrgent = ({ holder }: Waiting) => holder.urgent;
const leastOf = (waiting: readonly Waiting[], burden: Burden) =>
  Math.min(...waiting.map(({ holder }) => burden(holder)));

/**
 * What nobody sits and waits for before what somebody does, of whoever has most, and what has waited least in vain. One that was given
 * up and still hangs has had its last line sent, and goes on.
 */
const worst = (hanging: readonly Hanging[], burden: Burden): Hanging | undefined =>
  hanging
    .filter(({ atServer }) => !atServer.giveUp.signal.aborted)
    .sort(
      (a, b) =>
        Number(a.holder.urgent) - Number(b.holder.urgent) ||
        burden(b.holder) - burden(a.holder) ||
        b.atServer.since - a.atServer.since,
    )[0];
