import { describe, expect, test } from "vitest";
import { commonPasswords } from "./common-passwords.ts";
import { checkPassword, generatePassword, passwordMinimum, passwordStrength } from "./password-rules.ts";

const anna = { email: "Anna.Berg@northwind.example", firstName: "Anna", lastName: "Berg" };

describe("a password", () => {
  test.each([
    "xkCUde7MgA?2",
    "correct horse battery staple",
    "Ünïcödé-Wört",
    `${"😀".repeat(5)}abcde`,
    `${"x1".repeat(5)}y`,
  ])("%s is accepted", (password) => {
    expect(checkPassword(password, anna)).toBeUndefined();
  });

  test.each([
    ["", /too short/],
    ["Short-9ch", /too short. Use at least 10/],
    ["😀".repeat(9), /too short/],
    [`${"ab1".repeat(43)}`, /too long. Use at most 128/],
    ["aaaaaaaaaaaa", /repeated, or a sequence/],
    ["abababababab", /repeated, or a sequence/],
    ["abcdefghijkl", /repeated, or a sequence/],
    ["9876543210", /repeated, or a sequence/],
    ["Password123", /most common/],
    ["QWERTYUIOP", /most common/],
    ["x-anna.berg-7", /email address/],
    ["anna.berg@northwind.example", /email address/],
    ["AnnaBerg123", /person's name/],
    ["Line\nbreak-12", /cannot be seen or typed/],
    ["Zero\u200bwidth-12", /cannot be seen or typed/],
    ["Broken\ufffd-12345", /cannot be seen or typed/],
  ])("%j is refused", (password, reason) => {
    expect(checkPassword(password, anna)).toMatch(reason);
  });

  test("short names and addresses do not count, nor does what is not known", () => {
    expect(
      checkPassword("jo-7hq2-xk9m", { email: "jo@x.example", firstName: "Jo", lastName: "Li" }),
    ).toBeUndefined();
    expect(checkPassword("anna.berg-7q", {})).toBeUndefined();
  });

  test("a problem never repeats the password", () => {
    for (const password of ["aaaaaaaaaa", "Password123", "AnnaBerg123", "x-anna.berg-7"]) {
      expect(checkPassword(password, anna)?.toLowerCase()).not.toContain(password.toLowerCase());
    }
  });

  test("the list holds only what would otherwise be accepted", () => {
    expect(
      [...commonPasswords].filter((word) => word.length < passwordMinimum || word !== word.toLowerCase()),
    ).toEqual([]);
  });
});

test("generated passwords are readable, differ, use every letter and meet the rules", () => {
  const passwords = Array.from({ length: 2000 }, generatePassword);
  expect(new Set(passwords).size).toBe(2000);
  expect(
    passwords.filter(
      (password) => !/^(?:[b-df-hj-km-np-tv-z2-9]{4}-){3}[b-df-hj-km-np-tv-z2-9]{4}$/.test(password),
    ),
  ).toEqual([]);
  expect(passwords.map((password) => checkPassword(password, anna)).filter(Boolean)).toEqual([]);
  expect(new Set(passwords.join("").replaceAll("-", "")).size).toBe(28);
  expect(passwordStrength(passwords[0] ?? "")).toBe("strong");
});

test.each([
  ["short", "too short"],
  ["aaaaaaaaaaaaaaaa", "weak"],
  ["password123", "weak"],
  ["summertime", "weak"],
  ["Summer2026!!", "fair"],
  ["k7mw3txd9h", "good"],
  ["xkCUde7MgA?2", "strong"],
])("%s is %s", (password, strength) => {
  expect(passwordStrength(password)).toBe(strength);
});
