import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { type TestTenant, testPassword, testTenant } from "#tests/support/tenant.ts";
import { visitor } from "#tests/support/visitor.ts";

let installation: TestInstallation;
let tenant: TestTenant;

beforeAll(async () => {
  installation = await testInstallation({ TRUST_PROXY: "127.0.0.1" });
  tenant = await testTenant(installation);
});
afterAll(() => installation?.close());

const next = "seven yellow bicycles";

test("whatever session the old password made, none outlives the change of the password", async () => {
  // Both hash at the same time and then meet in the database in either order: a few rounds meet in both.
  for (let round = 0; round < 6; round += 1) {
    const person = await tenant.person("member");
    const late = visitor(installation, tenant.slug, { ip: `198.51.100.${round}` });
    const [signedIn, changed] = await Promise.all([
      late.signIn(person.email, testPassword),
      person.call("POST", "/me/password", { currentPassword: testPassword, newPassword: next }),
    ]);
    expect(changed.status).toBe(200);
    expect([200, 401]).toContain(signedIn.status);
    expect((await late.call("GET", "/me")).status).toBe(401);
  }
});

test("of two changes with the same old password one succeeds", async () => {
  const person = await tenant.person("member");
  const other = visitor(installation, tenant.slug, { ip: "198.51.100.50" });
  await other.signIn(person.email, testPassword);
  const change = { currentPassword: testPassword, newPassword: next };
  const answers = await Promise.all([
    person.call("POST", "/me/password", change),
    other.call("POST", "/me/password", { ...change, newPassword: "nine green bicycles" }),
  ]);
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 401]);
});

test("a proxy's way of writing addresses is understood, and one IPv6 network counts as one address", async () => {
  const person = await tenant.person("member");
  for (const written of ["203.0.113.7:5678", "[2001:db8::1]:443", "fe80::1%eth0", "nonsense"]) {
    const behind = visitor(installation, tenant.slug, {
      ip: "127.0.0.1",
      headers: { "x-forwarded-for": written },
    });
    expect((await behind.signIn(person.email, testPassword)).status, written).toBe(200);
  }
  const tries = Array.from({ length: 110 }, (_, n) => {
    const stranger = visitor(installation, tenant.slug, { ip: `2001:db8:1:2::${(n + 1).toString(16)}` });
    return stranger.call("POST", "/password-resets", { email: `nobody${n}@example.org` });
  });
  const refused = (await Promise.all(tries)).filter((answer) => answer.status === 429);
  expect(refused).toHaveLength(10);
});

test("what cannot be stored is refused in words, never an error of ours", async () => {
  const stranger = visitor(installation, tenant.slug, { ip: "198.51.100.60" });
  expect((await stranger.signIn("a\0b@example.org", "x")).status).toBeLessThan(500);
  expect((await stranger.call("GET", "//t/a%00b/portal")).status).toBeLessThan(500);
  const { owner } = tenant;
  for (const path of [
    "/users?search=%00",
    "/users/counts?search=%00",
    "/groups?search=%00",
    "/mailbox?search=%00",
  ]) {
    expect((await owner.call("GET", path)).status, path).toBeLessThan(500);
  }
  const group = await owner.call<{ id: string }>("POST", "/groups", { name: "Nul", description: "a\0b" });
  expect(group.status).toBe(400);
  const real = await owner.call<{ id: string }>("POST", "/groups", { name: "Real" });
  const change = { version: 3_000_000_000, name: "Other" };
  expect((await owner.call("PATCH", `/groups/${real.body.id}`, change)).status).toBe(400);
  // Further from Greenwich than any place, and than PostgreSQL lets anybody be.
  const moment = encodeURIComponent("2026-01-31T00:00:00+23:59");
  for (const path of [`/audit?from=${moment}`, `/audit?to=${moment}`, `/users?createdFrom=${moment}`])
    expect((await owner.call("GET", path)).status, path).toBeLessThan(500);
});

test("nobody puts people above them into a group or takes them out", async () => {
  const clerk = await tenant.person("user_administrator");
  const group = await tenant.owner.call<{ id: string }>("POST", "/groups", { name: "Board" });
  const members = `/groups/${group.body.id}/members`;
  expect((await clerk.call("POST", members, { add: [tenant.owner.id] })).status).toBe(403);
  expect((await tenant.owner.call("POST", members, { add: [tenant.owner.id] })).status).toBe(200);
  expect((await clerk.call("POST", members, { remove: [tenant.owner.id] })).status).toBe(403);
  const me = await clerk.call<{ version: number }>("GET", `/users/${clerk.id}`);
  const demotion = { version: me.body.version, role: "member" };
  expect((await clerk.call("PATCH", `/users/${clerk.id}`, demotion)).status).toBe(403);
});
