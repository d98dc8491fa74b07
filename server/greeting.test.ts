import { expect, test } from "vitest";
import { greeting } from "./greeting.ts";

const portal = { publicUrl: "https://people.example.org", smtpUrl: "smtp://localhost", setUpLink: undefined };

test("a few tenants are greeted with where each signs in", () => {
  expect(greeting({ ...portal, slugs: ["northwind", "southwind"] })).toBe(
    `
  Muster is running at https://people.example.org/

  Sign in at:
    https://people.example.org/t/northwind/
    https://people.example.org/t/southwind/

`,
  );
});

test("many tenants are not listed, but it is said how to", () => {
  const said = greeting({ ...portal, slugs: ["a", "b", "c", "d"] });
  expect(said).toContain("https://people.example.org/t/SLUG/");
  expect(said).toContain("npm run muster -- tenant list");
  expect(said).not.toContain("/t/a/");
});

test("without a tenant there is only the link that sets one up", () => {
  const setUpLink = "https://people.example.org/setup#secret";
  const said = greeting({ ...portal, setUpLink, slugs: [] });
  expect(said).toContain(`    ${setUpLink}\n`);
  expect(said).not.toContain("Sign in");
});
