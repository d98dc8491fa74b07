import { describe, expect, test } from "vitest";
import { readAddresses } from "./read-addresses.ts";

const read = (text: string) => {
  const { addresses, unreadable } = readAddresses(text);
  return { addresses: [...addresses.values()], unreadable: unreadable.map((one) => one.text) };
};

describe("pasted addresses", () => {
  test.each([
    ["a@example.org\nb@example.org\r\nc@example.org\n", ["a", "b", "c"]],
    ["a@example.org, b@example.org,c@example.org", ["a", "b", "c"]],
    ["a@example.org; b@example.org;\tc@example.org", ["a", "b", "c"]],
    ["a@example.org b@example.org", ["a", "b"]],
    ["Eva Berg <a@example.org>, Bo Ek <b@example.org>", ["a", "b"]],
    ["Berg, Eva <a@example.org>; Ek, Bo <b@example.org>", ["a", "b"]],
    ['"Berg, Eva (Sales)" <a@example.org>, b@example.org', ["a", "b"]],
    ['b@example.org, "eva@home" <a@example.org>', ["a", "b"]],
    ["mailto:a@example.org", ["a"]],
    ["a@example.org\nA@EXAMPLE.ORG", ["a"]],
    ["", []],
  ])("%j", (text, names) => {
    expect(read(text)).toEqual({ addresses: names.map((name) => `${name}@example.org`), unreadable: [] });
  });

  test("what is no address is told, and stops no other", () => {
    expect(read("a@example.org\nEva Berg\nb@nowhere, <>")).toEqual({
      addresses: ["a@example.org"],
      unreadable: ["Eva Berg", "b@nowhere"],
    });
  });

  test("a hostile text is read in the time its length takes", () => {
    expect(read("<".repeat(100_000)).addresses).toEqual([]);
    expect(read(`${'"'.repeat(50_000)}<${",".repeat(50_000)}`).addresses).toEqual([]);
  });
});
