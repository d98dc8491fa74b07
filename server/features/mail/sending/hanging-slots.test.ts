import { expect, it } from "vitest";
import { burdensOf, type Hanging, type Holder, nameOf, toGiveUp, withTooMany } from "./hanging-slots.ts";
import { openPatience } from "./patience.ts";
import { openSlots } from "./slots.ts";

/** Of whom one has been hanging for so many seconds. */
const hanging = (of: string, seconds: number, urgent = false): Hanging => ({
  holder: { of, urgent },
  atServer: { since: Date.now() - seconds * 1000, giveUp: new AbortController() },
});
const waits = (of: string, urgent = false) => ({ holder: { of, urgent } });
const limits = { count: 5, mostHanging: 3 };

type Circumstances = { all: Hanging[]; waiting: { holder: Holder }[]; lately?: Record<string, number[]> };
/** `lately`: in how many seconds that does not count any more. */
const burdenOf = ({ all, lately = {} }: Circumstances) =>
  burdensOf(
    all,
    new Map(
      Object.entries(lately).map(([of, seconds]) => [
        nameOf({ of, urgent: false }),
        seconds.map((s) => Date.now() + s * 1000),
      ]),
    ),
  );
const givenUp = (of: Circumstances) =>
  toGiveUp(of.waiting, { hanging: of.all, overdue: of.all, burden: burdenOf(of), ...limits }).map(
    ({ holder, atServer }) => `${holder.of} ${Math.round((Date.now() - atServer.since) / 1000)}`,
  );
const refused = (of: Circumstances) =>
  withTooMany(of.waiting, { hanging: of.all.length, burden: burdenOf(of), mostHanging: 3 }).map(
    ({ holder }) => holder.of,
  );

it("gives up what is beyond as many as may hang: each time the latest of whoever has most", () => {
  const all = [
    hanging("one", 30),
    hanging("one", 20),
    hanging("one", 10),
    hanging("two", 2),
    hanging("three", 1),
  ];
  expect(givenUp({ all, waiting: [waits("four")] })).toEqual(["one 10", "one 20"]);
  expect(givenUp({ all: all.slice(1), waiting: [waits("four")] })).toEqual(["one 10"]);
  expect(givenUp({ all: all.slice(2), waiting: [waits("four")] })).toEqual([]);
});

it("gives up nothing for whoever has as many hanging, or had one given up a moment ago", () => {
  const all = ["one", "two", "three", "four"].map((of, n) => hanging(of, n + 1));
  expect(givenUp({ all, waiting: [waits("one"), waits("two")] })).toEqual([]);
  expect(givenUp({ all, waiting: [waits("five")], lately: { five: [30] } })).toEqual([]);
  expect(givenUp({ all, waiting: [waits("five")], lately: { five: [-1] } })).toEqual(["one 1"]);
  expect(givenUp({ all, waiting: [waits("five"), waits("six")], lately: { five: [30] } })).toEqual(["one 1"]);
  expect(givenUp({ all, waiting: [waits("five")], lately: { five: [30], three: [20, 40] } })).toEqual([
    "three 3",
  ]);
});

it("gives up what somebody sits and waits for only where nothing else hangs", () => {
  const urgent = [hanging("one", 9, true), hanging("two", 8, true), hanging("three", 7, true)];
  expect(givenUp({ all: [...urgent, hanging("four", 20)], waiting: [waits("five")] })).toEqual(["four 20"]);
  expect(givenUp({ all: [...urgent, hanging("four", 6, true)], waiting: [waits("five")] })).toEqual([
    "four 6",
  ]);
});

it("has those who hold up others wait while somebody else does, but nobody who sits and waits step back for an import", () => {
  const all = [hanging("one", 9), hanging("one", 8), hanging("two", 7), hanging("two", 6, true)];
  expect(refused({ all, waiting: [waits("one"), waits("two"), waits("three")] })).toEqual(["one", "two"]);
  expect(refused({ all, waiting: [waits("one"), waits("two")] })).toEqual(["one"]);
  expect(refused({ all, waiting: [waits("two", true), waits("three")] })).toEqual([]);
  expect(refused({ all, waiting: [waits("two", true), waits("three", true)] })).toEqual(["two"]);
  expect(refused({ all, waiting: [waits("three"), waits("four")], lately: { four: [9] } })).toEqual(["four"]);
  expect(refused({ all: all.slice(2), waiting: [waits("two"), waits("three")] })).toEqual([]);
});

it("takes for hanging what takes far longer than usual: a slow server is no hanging one", () => {
  const patience = openPatience(1_000);
  expect(patience.ms()).toBe(1_000);
  for (let n = 0; n < 50; n += 1) patience.took(3_000);
  expect(patience.ms()).toBeGreaterThan(10_000);
  const before = patience.ms();
  for (let n = 0; n < 9; n += 1) patience.took(n % 3 === 0 ? 100_000 : 2_000);
  expect(patience.ms()).toBeLessThan(before);
  for (let n = 0; n < 50; n += 1) patience.took(50);
  expect(patience.ms()).toBe(1_000);
});

it("gives up the only connection there is, too, but not before it has hung for long", async () => {
  const slots = openSlots(1, 2);
  const aborted = (seconds: number) =>
    slots.hold(
      (slot) =>
        new Promise<number>((resolve) => {
          const giveUp = new AbortController();
          slot.atServer = { since: Date.now() - seconds * 1000, giveUp };
          giveUp.signal.addEventListener("abort", () => resolve(seconds));
        }),
      { of: "one", urgent: false },
    );
  const given = aborted(600);
  const next = slots.hold(async () => "next", { of: "two", urgent: false });
  expect(await given).toBe(600);
  expect(await next).toBe("next");
});

it("lets turns end although so many of their messages hang as may, all together", () => {
  const slots = openSlots(5, 1_000);
  const ended = slots.leave(2);
  expect(slots.leave(2)).toBeUndefined();
  expect(slots.leave(1)).toBeDefined();
  ended?.();
  expect(slots.leave(2)).toBeUndefined();
  ended?.();
  expect(slots.leave(2)).toBeDefined();
  expect(openSlots(1, 1_000).leave(1)).toBeUndefined();
  expect(openSlots(2, 1_000).leave(1)).toBeDefined();
  expect(openSlots(50, 1_000).leave(37)).toBeDefined();
});
