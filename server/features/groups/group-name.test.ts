import { describe, expect, test } from "vitest";
import { checkGroupName, groupNameKey } from "./group-name.ts";

describe("a group's name", () => {
  test.each([
    ["Staff", "Staff"],
    ["  First   Aid ", "First Aid"],
    ["Scanning – Invoices", "Scanning – Invoices"],
    ["Sales, North", "Sales, North"],
    ["Staff\u200b", "Staff"],
    ["é".repeat(100), "é".repeat(100)],
  ])("%j is stored as %j", (input, name) => {
    expect(checkGroupName(input)).toMatchObject({ ok: true, name });
  });

  test.each([
    ["", "required"],
    ["a;b", "semicolon"],
    ["a\nb", "line_break"],
    ["a\u0001b", "control_character"],
    ["x".repeat(101), "too_long"],
    ["ﷺ".repeat(100), "too_long"],
  ])("%j is refused: %s", (input, code) => {
    expect(checkGroupName(input)).toMatchObject({ ok: false, code });
  });
});

describe("the key of a group's name", () => {
  test.each([
    ["STAFF", "staff"],
    ["First  Aid", "first aid"],
    ["Scanning – Invoices", "scanning – invoices"],
    ["CAFE\u0301", "café"],
    ["ＦＵＬＬ", "full"],
  ])("%j → %j", (name, key) => {
    expect(groupNameKey(name)).toBe(key);
    expect(groupNameKey(key)).toBe(key);
  });

  test("accents and dashes tell groups apart", () => {
    expect(groupNameKey("Café")).not.toBe(groupNameKey("Cafe"));
    expect(groupNameKey("A – B")).not.toBe(groupNameKey("A - B"));
  });
});

test("what folding turns into a semicolon is refused as one: keys are compared by what they fold to", () => {
  for (const name of ["Interns\uff1bAdmins", "Interns\u037eAdmins"]) {
    expect(checkGroupName(name)).toMatchObject({ ok: false, code: "semicolon" });
  }
});

test("a hostile name is refused by its length, before it is folded", () => {
  const marks = "\u0315\u0300".repeat(100_000);
  const start = performance.now();
  expect(checkGroupName(marks)).toMatchObject({ ok: false, code: "too_long" });
  expect(performance.now() - start).toBeLessThan(500);
});
