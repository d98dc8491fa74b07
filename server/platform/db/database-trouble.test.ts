import { expect, test } from "vitest";
import { databaseTrouble } from "./database-trouble.ts";

const failed = (code: string) => Object.assign(new Error("failed"), { code });

test.each([
  ["53100", "disk_full"],
  ["53200", "out_of_memory"],
  ["53300", "away"],
  ["57P01", "away"],
  ["08006", "away"],
  ["ECONNREFUSED", "away"],
])("%s is trouble of the database: %s", (code, trouble) => {
  expect(databaseTrouble(failed(code))).toBe(trouble);
});

test("a connection that breaks under a statement has words only", () => {
  expect(databaseTrouble(new Error("Connection terminated unexpectedly"))).toBe("away");
});

test.each(["23505", "22P05", "57014", "XX000"])("%s is a fault of what was asked", (code) => {
  expect(databaseTrouble(failed(code))).toBeUndefined();
});
