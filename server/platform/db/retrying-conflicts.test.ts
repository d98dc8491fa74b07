import { expect, test } from "vitest";
import { retryingConflicts } from "./retrying-conflicts.ts";

const failing = (code: string, times: number) => {
  let tries = 0;
  return async () => {
    if (++tries <= times) throw Object.assign(new Error(`failed with ${code}`), { code });
    return tries;
  };
};

test("what the database gave up for another transaction's sake is tried again, not without end", async () => {
  expect(await retryingConflicts(failing("40P01", 2))).toBe(3);
  expect(await retryingConflicts(failing("40001", 4))).toBe(5);
  await expect(retryingConflicts(failing("40P01", 5))).rejects.toThrow("40P01");
  await expect(retryingConflicts(failing("23505", 1))).rejects.toThrow("23505");
});
