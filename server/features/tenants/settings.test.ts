import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { passwordMinimum } from "#server/features/credentials/password-rules.ts";
import type { Me } from "#server/features/sign-in/contract.ts";
import type { User } from "#server/features/users/contract.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { caller, type TestTenant, testTenant } from "#tests/support/tenant.ts";
import type { SettingsAnswer } from "./contract.ts";
import { readableSettings, type TenantSettings, usualSettings } from "./tenant-settings.ts";

let installation: TestInstallation;
let tenant: TestTenant;
beforeAll(async () => {
  installation = await testInstallation();
  tenant = await testTenant(installation);
});
afterAll(() => installation.close());

const read = async () => (await tenant.owner.call<SettingsAnswer>("GET", "/settings")).body;
const change = async (wanted: Partial<TenantSettings>) => {
  const { version } = await read();
  return tenant.owner.call<SettingsAnswer & { fields?: object }>("PATCH", "/settings", {
    ...wanted,
    version,
  });
};

test("a new tenant has what is usual", async () => {
  const { values, usual } = await read();
  expect(usual).toEqual(usualSettings);
  expect(values).toEqual({ ...usualSettings, name: `Tenant ${tenant.slug}` });
  expect(usualSettings.passwordMinimum).toBe(passwordMinimum);
});

test("what is changed is kept and recorded by name with before and after; the rest stays", async () => {
  const answer = await change({ name: "Northwind", invitationDays: 14, replyTo: "help@northwind.example" });
  expect(answer.status).toBe(200);
  expect(await read()).toEqual(answer.body);
  expect(answer.body.values).toMatchObject({
    name: "Northwind",
    invitationDays: 14,
    replyTo: "help@northwind.example",
    temporaryPasswordDays: 7,
  });
  const [event] = await installation.database.query<{ fields: string[]; changes: object }>(
    `select e.fields, p.content->'changes' as changes
       from audit_events e join audit_personal p on p.tenant_id = e.tenant_id and p.event_id = e.id
      where e.tenant_id = $1 and e.action = 'tenant.settings_changed' order by e.at desc`,
    [tenant.id],
  );
  expect(event?.fields).toEqual(["name", "replyTo", "invitationDays"]);
  expect(event?.changes).toEqual({
    name: { before: `Tenant ${tenant.slug}`, after: "Northwind" },
    replyTo: { before: "", after: "help@northwind.example" },
    invitationDays: { before: 7, after: 14 },
  });
});

test("days of reminders are kept in order, each once", async () => {
  expect((await change({ reminderDays: [10, 3, 3] })).body.values.reminderDays).toEqual([3, 10]);
  expect((await change({ reminderDays: [] })).body.values.reminderDays).toEqual([]);
});

test("of two administrators at once the second is told, and nothing of theirs is lost or kept", async () => {
  const { version } = await read();
  const both = await Promise.all(
    [20, 21].map((invitationDays) => tenant.owner.call("PATCH", "/settings", { invitationDays, version })),
  );
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  const won = both.findIndex(({ status }) => status === 200) === 0 ? 20 : 21;
  expect(await read()).toMatchObject({ values: { invitationDays: won }, version: version + 1 });
});

describe("refused, with words at the field:", () => {
  test.each<[keyof TenantSettings, unknown]>([
    ["name", " "],
    ["name", "a\nb"],
    ["accent", "red"],
    ["timeZone", "Mars/Olympus"],
    ["timeZone", "+02:00"],
    ["language", "fr"],
    ["senderName", "North\r\nBcc: everybody@example.org"],
    ["replyTo", "a@x.example, b@x.example"],
    ["replyTo", "Help <help@x.example>"],
    ["replyTo", "help@localhost"],
    ["passkeySignIn", "yes"],
    ["mailsPerAddress", 0],
    ["mailsPerAddress", 1001],
    ["invitationDays", 0],
    ["invitationDays", 31],
    ["reminderDays", [0]],
    ["reminderDays", [2, 30]],
    ["reminderDays", [2.5]],
    ["reminderDays", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
    ["reminderDays", "2, 5"],
    ["temporaryPasswordDays", 1.5],
    ["passwordMinimum", 9],
    ["passwordMinimum", 65],
    ["sessionHours", 0],
    ["sessionDays", 91],
    ["auditMonths", 0],
  ])("%s %j", async (field, value) => {
    const answer = await change({ [field]: value });
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.body.fields ?? {}).map((path) => path.split(".")[0])).toEqual([field]);
  });
});

test("what cannot be read counts as not chosen, each field by itself", () => {
  expect(
    readableSettings({ invitationDays: "many", sessionHours: 8, unknown: 1, accent: "#0E5B75" }),
  ).toEqual({
    ...usualSettings,
    sessionHours: 8,
    accent: "#0e5b75",
  });
});

test("an auditor reads and changes nothing; user administrators and members see none of it", async () => {
  for (const [role, reads] of [
    ["administrator", 200],
    ["auditor", 200],
    ["user_administrator", 403],
    ["member", 403],
  ] as const) {
    const person = await tenant.person(role);
    const seen = await person.call<SettingsAnswer>("GET", "/settings");
    expect(seen.status, role).toBe(reads);
    const { version } = await read();
    const changed = await person.call("PATCH", "/settings", { sessionDays: 30, version });
    expect(changed.status, role).toBe(role === "administrator" ? 200 : 403);
  }
});

describe("for how long something is kept", () => {
  test("an owner alone changes; an administrator is told so, and changes everything else", async () => {
    const administrator = await tenant.person("administrator");
    const attempt = async (wanted: Partial<TenantSettings>) =>
      administrator.call<{ code?: string; fields?: object }>("PATCH", "/settings", {
        ...wanted,
        version: (await read()).version,
      });
    const { values } = await read();
    for (const [field, value] of [
      ["auditMonths", 12],
      ["deletedDays", 1],
      ["importRowDays", 1],
    ] as const) {
      const answer = await attempt({ [field]: value, sessionDays: 29 });
      expect(answer).toMatchObject({ status: 403, body: { code: "settings.owners_only" } });
      expect(Object.keys(answer.body.fields ?? {})).toEqual([field]);
    }
    expect((await read()).values).toEqual(values);
    const { auditMonths, deletedDays } = values;
    expect((await attempt({ auditMonths, deletedDays, sessionDays: 29 })).status).toBe(200);
    expect((await change({ auditMonths: 24, deletedDays: 20 })).status).toBe(200);
    expect((await change({ auditMonths: null, deletedDays: 30 })).status).toBe(200);
  });

  test("the operator says at least", async () => {
    const strict = await testInstallation({ AUDIT_KEEP_AT_LEAST_MONTHS: "12" });
    try {
      const { owner } = await testTenant(strict);
      const { version, least } = (await owner.call<SettingsAnswer>("GET", "/settings")).body;
      expect(least).toEqual({ auditMonths: 12 });
      const attempt = (auditMonths: number) => owner.call("PATCH", "/settings", { auditMonths, version });
      expect(await attempt(11)).toMatchObject({
        status: 422,
        body: {
          code: "settings.kept_longer",
          fields: { auditMonths: expect.stringContaining("at least 12") },
        },
      });
      expect((await attempt(12)).status).toBe(200);
    } finally {
      await strict.close();
    }
  });
});

describe("a tenant that asks for 16 characters", () => {
  beforeAll(async () => {
    expect((await change({ passwordMinimum: 16 })).status).toBe(200);
  });

  test("says so on its sign-in page and to whoever is signed in", async () => {
    const portal = await caller(installation, `/t/${tenant.slug}`)<object>("GET", "/portal");
    expect(portal.body).toMatchObject({ passwordMinimum: 16, accent: null, logo: null });
    expect((await tenant.owner.call<Me>("GET", "/me")).body.tenant.passwordMinimum).toBe(16);
  });

  test("takes no shorter one in the form", async () => {
    const person = { mode: "create", firstName: "Short", lastName: "Word", email: "short@people.example" };
    const refused = await tenant.owner.call("POST", "/users", { ...person, password: "green otters 1" });
    expect(refused).toMatchObject({ status: 422, body: { fields: { password: /at least 16/ } } } as object);
    const taken = await tenant.owner.call<User>("POST", "/users", {
      ...person,
      password: "green otters swim 17",
    });
    expect(taken.status).toBe(201);
  });

  test("takes no shorter one of somebody who changes theirs", async () => {
    const changed = await tenant.owner.call("POST", "/me/password", {
      currentPassword: "correct horse battery",
      newPassword: "green otters 1",
    });
    expect(changed).toMatchObject({ status: 422, body: { code: "password.refused" } });
  });
});

describe("sessions", () => {
  const idle = (person: { id: string }, hours: number) =>
    installation.database.query(
      `update sessions set last_seen_at = now() - $2 * interval '1 hour', created_at = now() - interval '3 days',
              expires_at = now() + interval '1 hour' where user_id = $1`,
      [person.id, hours],
    );

  test("end sooner where the tenant wants that, also those that have begun", async () => {
    const person = await tenant.person("member");
    await idle(person, 3);
    expect((await person.call("GET", "/me")).status).toBe(200);
    await idle(person, 3);
    await change({ sessionHours: 2 });
    expect((await person.call("GET", "/me")).status).toBe(401);
    await change({ sessionHours: 24, sessionDays: 2 });
    await idle(person, 0);
    expect((await person.call("GET", "/me")).status).toBe(401);
    await change({ sessionDays: 30 });
    expect((await person.call("GET", "/me")).status).toBe(200);
  });

  test("in use go on, and at most for the tenant's days", async () => {
    const person = await tenant.person("member");
    await idle(person, 3);
    await change({ sessionHours: 48, sessionDays: 4 });
    expect((await person.call("GET", "/me")).status).toBe(200);
    const [session] = await installation.database.query<{ hours: number }>(
      "select round(extract(epoch from expires_at - now()) / 3600)::int as hours from sessions where user_id = $1",
      [person.id],
    );
    expect(session?.hours).toBe(24);
  });
});
