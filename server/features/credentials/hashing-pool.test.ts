import { getPriority } from "node:os";
import { expect, it } from "vitest";
import { until } from "#tests/support/until.ts";
import { verifyPassword } from "./hash-password.ts";
import { hasherPids, hashInBackground } from "./hashing-pool.ts";

it("answers the hash of each password, in order, whether there are few or many", async () => {
  for (const count of [1, 5]) {
    const passwords = Array.from({ length: count }, (_, n) => `quiet river stone ${n}`);
    const hashes = await hashInBackground(passwords);
    expect(hashes).toHaveLength(count);
    for (const [n, hash] of hashes.entries())
      expect(await verifyPassword(hash, passwords[n] ?? "")).toBe(true);
  }
});

it("steps back for everything else, and is given none of the server's settings", async () => {
  await hashInBackground(["quiet river stone"]);
  expect(hasherPids().length).toBeGreaterThan(0);
  for (const pid of hasherPids()) expect(getPriority(pid)).toBe(19);
});

it("a hasher that is killed in the middle costs nobody their hash", async () => {
  const passwords = Array.from({ length: 12 }, (_, n) => `quiet river stone ${n}`);
  const hashing = hashInBackground(passwords);
  for (const pid of hasherPids()) process.kill(pid, "SIGKILL");
  const hashes = await hashing;
  expect(hashes.filter(Boolean)).toHaveLength(12);
});

it("hashers end when nobody has anything to hash any more", async () => {
  await hashInBackground(["quiet river stone"], 0);
  await until(() => hasherPids().length === 0, "the hashers to end");
  const [hash = ""] = await hashInBackground(["quiet river stone"]);
  expect(await verifyPassword(hash, "quiet river stone")).toBe(true);
});
