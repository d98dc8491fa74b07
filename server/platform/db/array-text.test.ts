import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "#tests/support/database.ts";
import { holds } from "#tests/support/property.ts";
import { arrayText } from "./array-text.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const readBack = async (values: readonly (string | number | boolean | null)[], type: string) => {
  const rows = await database.query<{ list: unknown }>(`select $1::${type}[] as list`, [arrayText(values)]);
  return rows[0]?.list;
};

test("PostgreSQL reads back every list of texts", async () => {
  const part = fc.constantFrom("a", "Ö", "😀", '"', "\\", ",", "{", "}", "'", "\n", " ", "NULL", "");
  const text = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(""));
  await holds(
    fc.asyncProperty(fc.array(fc.option(text), { maxLength: 8 }), async (values) => {
      const nothing = values.length > 0 && values.every((value) => value === null);
      expect(await readBack(values, "text")).toEqual(nothing ? null : values);
    }),
    200,
  );
});

test("also of numbers, of true and false, and of bytes", async () => {
  expect(await readBack([1, null, -3], "int")).toEqual([1, null, -3]);
  expect(await readBack([true, false], "boolean")).toEqual([true, false]);
  expect(await readBack([null, `\\x${Buffer.from("Ö").toString("hex")}`], "bytea")).toEqual([
    null,
    Buffer.from("Ö"),
  ]);
});
