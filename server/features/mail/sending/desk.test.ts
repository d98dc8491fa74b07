import { expect, test } from "vitest";
import { openDesk } from "./desk.ts";
import type { Prepared } from "./prepare-messages.ts";
import type { ClaimedMessage } from "./store-claims.ts";

const claimed = (count: number): ClaimedMessage[] =>
  Array.from({ length: count }, (_, n) => ({
    id: `m${n}`,
    userId: `u${n}`,
    kind: "test.hello",
    attempts: 0,
    firstTriedAt: null,
  }));

/** A desk, and what it had put together, lot by lot. */
function deskOf(waiting: ClaimedMessage[], freshMs: number) {
  const lots: string[][] = [];
  const desk = openDesk({
    prepare: async (messages): Promise<Prepared[]> => {
      lots.push(messages.map(({ id }) => id));
      return messages.map((message) => ({ claimed: message, withdraw: message.id }));
    },
    waiting: () => waiting,
    freshMs,
    atLeast: 5,
  });
  /** As `hands` hands do: each takes the next that waits. */
  const takeAll = async (hands: number) => {
    const taken: (string | undefined)[] = [];
    const hand = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift())
        taken.push((await desk.take(next))?.claimed.id);
    };
    await Promise.all(Array.from({ length: hands }, hand));
    return taken;
  };
  return { takeAll, lots };
}

test("what is taken while it is fresh is put together once, and ever more at a time", async () => {
  const { takeAll, lots } = deskOf(claimed(500), 60_000);
  const taken = await takeAll(5);
  expect(new Set(taken)).toEqual(new Set(claimed(500).map(({ id }) => id)));
  expect(lots.flat().length).toBe(500);
  expect(lots.length).toBeLessThan(20);
});

test("what has lain too long is put together anew, and no more than a few lie ready", async () => {
  const { takeAll, lots } = deskOf(claimed(100), 0);
  const taken = await takeAll(5);
  expect(taken.length).toBe(100);
  expect(taken).not.toContain(undefined);
  for (const lot of lots) expect(lot.length).toBeLessThanOrEqual(10);
});

test("whoever takes one that could not be put together is told, and the others are not", async () => {
  let failures = 1;
  const desk = openDesk({
    prepare: async (messages) => {
      if (failures-- > 0) throw new Error("The database is away.");
      return messages.map((message) => ({ claimed: message, withdraw: message.id }));
    },
    waiting: () => [],
    freshMs: 60_000,
    atLeast: 5,
  });
  const [first, second] = claimed(2);
  await expect(desk.take(first as ClaimedMessage)).rejects.toThrow("away");
  expect((await desk.take(second as ClaimedMessage))?.claimed.id).toBe("m1");
});
