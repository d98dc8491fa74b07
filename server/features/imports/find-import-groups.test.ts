import { expect, test } from "vitest";
import { findImportGroups, mostShownGroups } from "./find-import-groups.ts";

const group = (name: string) => ({ id: `id of ${name}`, name, name_key: name.toLowerCase() });

test("the nearest name is offered, one that is too far is not", async () => {
  const named = new Map(
    ["enginering", "ngineering", "slaes", "selas", "sales", "night shift"].map((key) => [
      key,
      { name: key, rows: 1 },
    ]),
  );
  const found = await findImportGroups(named, ["Engineering", "Sales"].map(group));
  expect(found.map(({ nameKey, groupId, nearestId }) => [nameKey, groupId, nearestId])).toEqual([
    ["enginering", null, "id of Engineering"],
    ["ngineering", null, "id of Engineering"],
    // Two letters in the wrong order are one slip; two wrong letters of five are another word.
    ["slaes", null, "id of Sales"],
    ["selas", null, null],
    ["sales", "id of Sales", null],
    ["night shift", null, null],
  ]);
});

test("4,000 unknown names among 4,000 groups: only those that are shown are searched for, and others go first", async () => {
  const key = (n: number) => `department of ${(n * 7919).toString(36).padStart(60, "x")}`;
  const named = new Map(Array.from({ length: 4000 }, (_, n) => [key(n), { name: key(n), rows: n }]));
  const known = Array.from({ length: 4000 }, (_, n) => group(`${key(n)}s`));
  let turns = 0;
  let handle = setImmediate(function tick() {
    turns++;
    handle = setImmediate(tick);
  });
  const start = performance.now();
  const found = await findImportGroups(named, known);
  clearImmediate(handle);
  expect(performance.now() - start).toBeLessThan(8000);
  expect(turns).toBeGreaterThanOrEqual(mostShownGroups);
  const searched = found.filter(({ nearestId }) => nearestId !== null);
  expect(searched).toHaveLength(mostShownGroups);
  expect(Math.min(...searched.map(({ rows }) => rows))).toBe(3800);
});
