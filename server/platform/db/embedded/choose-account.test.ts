import { expect, test } from "vitest";
import type { Account, AccountLookup } from "./account.ts";
import { chooseAccount } from "./choose-account.ts";

const isRoot = process.getuid?.() === 0;
const nobody: Account = { name: "nobody", uid: 65534, gid: 65534 };
const machineWith =
  (...accounts: Account[]): AccountLookup =>
  (name) =>
    accounts.find((account) => account.name === name);

test.runIf(isRoot)("as root: `postgres`, without one `nobody`, without either words on what to do", () => {
  const postgres = { ...nobody, name: "postgres" };
  expect(chooseAccount("/nowhere", machineWith(nobody, postgres))).toBe(postgres);
  expect(chooseAccount("/nowhere", machineWith(nobody))).toBe(nobody);
  expect(() => chooseAccount("/nowhere", machineWith())).toThrow("useradd --system postgres");
});

test.skipIf(isRoot)("as an ordinary user: as that user", () => {
  expect(chooseAccount("/nowhere", machineWith(nobody))).toBeUndefined();
});
