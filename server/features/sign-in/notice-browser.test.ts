import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { messageKinds } from "#server/app.ts";
import { mailJobs } from "#server/features/mail/jobs.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { unhurriedTiming } from "#tests/support/mail.ts";
import { type TestPerson, type TestTenant, testPassword, testTenant } from "#tests/support/tenant.ts";
import { housekeepingJob } from "./housekeeping.ts";
import { browserCookieName } from "./session-cookie.ts";

let muster: TestInstallation;
let tenant: TestTenant;
beforeAll(async () => {
  muster = await testInstallation({ LOG_LEVEL: "silent" });
});
beforeEach(async () => {
  tenant = await testTenant(muster);
});
afterAll(() => muster.close());

const turn = async (signInNotice: boolean) => {
  const { version } = (await tenant.owner.call<{ version: number }>("GET", "/settings")).body;
  expect((await tenant.owner.call("PATCH", "/settings", { signInNotice, version })).status).toBe(200);
};

const firefox = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0";

/** Signs in with a browser that keeps this; answers what it keeps then. */
async function signIn({ email }: TestPerson, kept = "", userAgent = firefox) {
  const name = browserCookieName(tenant.slug, muster.instance.config);
  const answer = await muster.http.inject({
    method: "POST",
    url: `/api/v1/t/${tenant.slug}/session`,
    headers: { "user-agent": userAgent, ...(kept && { cookie: `${name}=${kept}` }) },
    payload: { email, password: testPassword },
  });
  expect(answer.statusCode).toBe(200);
  return answer.cookies.find((cookie) => cookie.name === name);
}

type Mail = { id: string; recipient: string; subject: string; text: string };
async function notices(person: TestPerson) {
  await mailJobs(messageKinds, unhurriedTiming)
    .find((job) => job.name === "mail.deliver_first")
    ?.run({ tenantId: tenant.id }, muster.services);
  const { body } = await tenant.owner.call<{ items: Mail[] }>("GET", "/mailbox");
  const mails = body.items.filter(({ recipient }) => recipient === person.email);
  return Promise.all(
    mails.map(async ({ id }) => (await tenant.owner.call<Mail>("GET", `/mailbox/${id}`)).body),
  );
}

it("keeps nothing and tells nobody unless the tenant wants it", async () => {
  const person = await tenant.person("member");
  expect(await signIn(person)).toBeUndefined();
  await signIn(person);
  expect(await notices(person)).toEqual([]);
  expect(await muster.database.query("select 1 from known_browsers")).toEqual([]);
});

it("tells of each browser but the first, once", async () => {
  await turn(true);
  const person = await tenant.person("member");
  const first = await signIn(person);
  expect(first).toMatchObject({ httpOnly: true, sameSite: "Strict", path: "/" });
  await signIn(person, first?.value);
  expect(await notices(person)).toEqual([]);
  const second = await signIn(person);
  expect(second?.value).not.toBe(first?.value);
  for (const kept of [first?.value, second?.value]) await signIn(person, kept);
  const [notice, ...more] = await notices(person);
  expect(more).toEqual([]);
  expect(notice?.subject).toBe(`A new sign-in to Tenant ${tenant.slug}`);
  expect(notice?.text).toContain("Browser:\nFirefox, Windows\n");
  expect(notice?.text).toContain("IP address:\n127.0.0.1\n");
  expect(notice?.text).toMatch(/When:\n\S+day, \d+ \S+ \d{4} at/);
});

it("knows a browser for each person, and never by what somebody made up", async () => {
  await turn(true);
  const [one, other] = [await tenant.person("member"), await tenant.person("member")];
  const shared = await signIn(one);
  await signIn(other, "made up");
  expect((await signIn(other, shared?.value))?.value).toBe(shared?.value);
  await signIn(other, shared?.value);
  expect(await notices(one)).toEqual([]);
  expect(await notices(other)).toHaveLength(1);
});

it("lets no browser put words of its own into the email", async () => {
  await turn(true);
  const person = await tenant.person("member");
  await signIn(person);
  await signIn(person, "", "Call +1 555 0100 at once http://evil.example");
  const [notice] = await notices(person);
  expect(notice?.text).not.toContain("evil");
  expect(notice?.text).toContain("Browser:\n?\n");
});

const waiting = (person: TestPerson) =>
  muster.database.query<{ state: string }>(
    "select state from messages where tenant_id = $1 and user_id = $2 order by created_at",
    [tenant.id, person.id],
  );

it("tells once of whoever keeps no cookie and signs in again and again, and then goes on telling", async () => {
  await turn(true);
  const person = await tenant.person("member");
  for (let n = 0; n < 4; n++) await signIn(person);
  expect(await waiting(person)).toEqual([{ state: "queued" }]);
  expect(await notices(person)).toHaveLength(1);
  await signIn(person);
  expect(await notices(person)).toHaveLength(2);
});

it("keeps fifty browsers of a person, those used last", async () => {
  await turn(true);
  const person = await tenant.person("member");
  const first = await signIn(person);
  await muster.database.query(
    `insert into known_browsers (tenant_id, user_id, id_hash, id, first_seen_at, last_seen_at, user_agent)
     select $1, $2, sha256(n::text::bytea), gen_random_uuid(), now() - interval '1 day', now() - n * interval '1 hour', ''
       from generate_series(1, 60) n`,
    [tenant.id, person.id],
  );
  const again = await signIn(person);
  const left = await muster.database.query<{ all: number; old: number }>(
    `select count(*)::int as all, (count(*) filter (where last_seen_at < now() - interval '48.5 hours'))::int as old
       from known_browsers where tenant_id = $1 and user_id = $2`,
    [tenant.id, person.id],
  );
  expect(left).toEqual([{ all: 50, old: 0 }]);
  await notices(person);
  for (const kept of [first?.value, again?.value]) await signIn(person, kept);
  expect(await notices(person)).toHaveLength(1);
});

it("is taken back when it has not gone within a day, and not a moment before", async () => {
  await turn(true);
  const person = await tenant.person("member");
  for (let n = 0; n < 2; n++) await signIn(person);
  await housekeepingJob.run({}, muster.services);
  expect(await waiting(person)).toEqual([{ state: "queued" }]);
  await muster.database.query(
    "update messages set created_at = created_at - interval '25 hours' where tenant_id = $1",
    [tenant.id],
  );
  await housekeepingJob.run({}, muster.services);
  expect(await waiting(person)).toEqual([{ state: "withdrawn" }]);
  expect(await notices(person)).toEqual([]);
});

it("forgets a browser that was not used for as long as cookies are kept", async () => {
  await turn(true);
  const person = await tenant.person("member");
  await signIn(person);
  const left = () => muster.database.query("select 1 from known_browsers where tenant_id = $1", [tenant.id]);
  await housekeepingJob.run({}, muster.services);
  expect(await left()).toHaveLength(1);
  await muster.database.query("update known_browsers set last_seen_at = now() - interval '401 days'");
  await housekeepingJob.run({}, muster.services);
  expect(await left()).toEqual([]);
});
