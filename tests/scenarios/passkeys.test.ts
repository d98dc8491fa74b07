import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { OwnFactors } from "#server/features/second-factors/contract.ts";
import type { Me, SignInFacts } from "#server/features/sign-in/contract.ts";
import { endSessionsOf } from "#server/features/sign-in/end-sessions.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { softPasskey } from "#tests/support/soft-passkey.ts";
import {
  type Answer,
  type TestPerson,
  type TestTenant,
  testPassword,
  testTenant,
} from "#tests/support/tenant.ts";
import { until } from "#tests/support/until.ts";
import { type Visitor, visitor } from "#tests/support/visitor.ts";

let muster: TestInstallation;
let tenant: TestTenant;
beforeAll(async () => {
  muster = await testInstallation({ LOG_LEVEL: "silent", PUBLIC_URL: "https://people.example.org" });
});
beforeEach(async () => {
  tenant = await testTenant(muster);
});
afterAll(() => muster.close());

const here = { rpId: "people.example.org", origin: "https://people.example.org" };
const shortly = ({ status, body }: Answer) =>
  `${status} ${(body as { code?: string } | undefined)?.code ?? ""}`.trim();

type Begun = { options: { challenge: string; excludeCredentials: { id: string }[] }; setUp: string };
type SoftPasskey = ReturnType<typeof softPasskey>;

const beginAdding = async (person: TestPerson) =>
  (await person.call<Begun>("POST", "/me/passkeys/begin")).body;

async function add(person: TestPerson, name: string, passkey = softPasskey()) {
  const { options, setUp } = await beginAdding(person);
  const made = passkey.create({ ...here, challenge: options.challenge });
  const answer = await person.call<{ recoveryCodes: string[] }>("POST", "/me/passkeys", {
    setUp,
    name,
    passkey: made,
  });
  expect(answer.status).toBe(200);
  return { passkey, recoveryCodes: answer.body.recoveryCodes };
}

const begin = async ({ email }: TestPerson) => {
  const browser = visitor(muster, tenant.slug);
  expect((await browser.signIn(email, testPassword)).body).toHaveProperty("secondFactor.ways[0]", "passkey");
  return browser;
};
const ask = async (browser: Visitor) =>
  (
    await browser.call<{ challenge: string; allowCredentials: { id: string }[] }>(
      "POST",
      "/session/second-factor/passkey",
    )
  ).body;
const give = (browser: Visitor, passkey: ReturnType<SoftPasskey["get"]>) =>
  browser.call<Me>("POST", "/session/second-factor", { way: "passkey", passkey });

const somebodyWaits = async () =>
  (
    await muster.database.query(
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    )
  ).length > 0;

const own = async (person: TestPerson) => (await person.call<OwnFactors>("GET", "/me/second-factors")).body;

it("signs in after the password with any of several passkeys, each known by name and use", async () => {
  const person = await tenant.person("member");
  const key = await add(person, "Blue key");
  const phone = await add(person, "Phone");
  // Recovery codes come with the first factor only.
  expect([key.recoveryCodes.length, phone.recoveryCodes.length]).toEqual([10, 0]);
  expect((await beginAdding(person)).options.excludeCredentials.map(({ id }) => id)).toEqual([
    key.passkey.id,
    phone.passkey.id,
  ]);
  const browser = await begin(person);
  const { challenge, allowCredentials } = await ask(browser);
  expect(allowCredentials).toHaveLength(2);
  expect((await give(browser, phone.passkey.get({ ...here, challenge }, 2))).body).toMatchObject({
    id: person.id,
  });
  expect((await browser.call("GET", "/me")).status).toBe(200);
  expect((await own(person)).passkeys).toMatchObject([
    { name: "Blue key", lastUsedAt: null },
    { name: "Phone", lastUsedAt: expect.any(String) },
  ]);
});

it("refuses what was signed for another challenge, another place, by another passkey, or twice", async () => {
  const [person, other] = [await tenant.person("member"), await tenant.person("member")];
  const { passkey } = await add(person, "Key");
  const theirs = await add(other, "Theirs");
  const browser = await begin(person);
  const refused = async (answer: ReturnType<SoftPasskey["get"]>) =>
    expect(shortly(await give(browser, answer))).toBe("422 second_factor.refused");
  // Not asked yet: there is nothing to sign.
  await refused(passkey.get({ ...here, challenge: "AAAA" }, 2));
  await ask(browser);
  await refused(passkey.get({ ...here, challenge: "AAAA" }, 2));
  const phished = { rpId: "evil.example", origin: "https://evil.example" };
  for (const place of [phished, { ...here, origin: phished.origin }, { ...here, rpId: phished.rpId }])
    await refused(passkey.get({ ...place, challenge: (await ask(browser)).challenge }, 2));
  await refused(theirs.passkey.get({ ...here, challenge: (await ask(browser)).challenge }, 2));
  // A refused try has used the challenge up.
  const { challenge } = await ask(browser);
  await refused(softPasskey().get({ ...here, challenge }, 2));
  await refused(passkey.get({ ...here, challenge }, 2));
  const good = passkey.get({ ...here, challenge: (await ask(browser)).challenge }, 2);
  expect((await give(browser, good)).status).toBe(200);
  const second = await begin(person);
  await ask(second);
  expect(shortly(await give(second, good))).toBe("422 second_factor.refused");
});

it("refuses a copy of a passkey that counts: the count went back", async () => {
  const person = await tenant.person("member");
  const { passkey } = await add(person, "Key");
  const signInWith = async (count: number) => {
    const browser = await begin(person);
    const { challenge } = await ask(browser);
    return shortly(await give(browser, passkey.get({ ...here, challenge }, count)));
  };
  expect(await signInWith(7)).toBe("200");
  expect(await signInWith(7)).toBe("422 second_factor.refused");
  expect(await signInWith(8)).toBe("200");
});

it("takes no passkey that was made for another place or attempt, nor the same one twice", async () => {
  const [person, other] = [await tenant.person("member"), await tenant.person("member")];
  const { passkey } = await add(person, "Key");
  const { options, setUp } = await beginAdding(person);
  const take = async (by: TestPerson, made: ReturnType<SoftPasskey["create"]>) =>
    shortly(await by.call("POST", "/me/passkeys", { setUp, name: "Another", passkey: made }));
  const right = { ...here, challenge: options.challenge };
  for (const wrong of [
    { ...right, origin: "https://evil.example" },
    { ...right, rpId: "evil.example" },
    { ...right, challenge: "AAAA" },
  ])
    expect(await take(person, softPasskey().create(wrong))).toBe("422 passkey.not_taken");
  const nonsense = {
    ...softPasskey().create(right),
    response: { clientDataJSON: "x", attestationObject: "x", transports: [] },
  };
  expect(await take(person, nonsense)).toBe("422 passkey.not_taken");
  expect(await take(person, passkey.create(right))).toBe("409 passkey.known");
  expect(await take(other, softPasskey().create(right))).toBe("410 second_factor.set_up_expired");
  expect((await own(person)).passkeys).toHaveLength(1);
});

it("is renamed and removed by its owner only; the last factor takes the recovery codes with it", async () => {
  const [person, other] = [await tenant.person("member"), await tenant.person("member")];
  const { passkey } = await add(person, "Key");
  const [{ id } = { id: "" }] = (await own(person)).passkeys;
  const path = `/me/passkeys/${id}`;
  expect(shortly(await other.call("PATCH", path, { name: "Mine" }))).toBe("404 not_found");
  expect(shortly(await other.call("DELETE", path))).toBe("404 not_found");
  expect((await person.call("PATCH", path, { name: " Green key " })).status).toBe(204);
  expect((await own(person)).passkeys).toMatchObject([{ name: "Green key" }]);
  await muster.database.query("update sessions set confirmed_at = now() - interval '11 minutes'");
  expect(shortly(await person.call("DELETE", path))).toBe("403 session.confirm_first");
  const confirm = (signed?: ReturnType<SoftPasskey["get"]>) =>
    person
      .call("POST", "/me/confirm", {
        password: testPassword,
        ...(signed && { secondFactor: { way: "passkey", passkey: signed } }),
      })
      .then(shortly);
  const asked = async () =>
    (await person.call<{ challenge: string }>("POST", "/me/confirm/passkey")).body.challenge;
  expect(await confirm()).toBe("409 second_factor.needed");
  // What was signed for another challenge, or tried before, is of no use.
  const early = passkey.get({ ...here, challenge: await asked() }, 2);
  const challenge = await asked();
  expect(await confirm(early)).toBe("422 second_factor.refused");
  expect(await confirm(passkey.get({ ...here, challenge }, 3))).toBe("422 second_factor.refused");
  expect(await confirm(passkey.get({ ...here, challenge: await asked() }, 4))).toBe("204");
  expect((await person.call("DELETE", path)).status).toBe(204);
  expect(await own(person)).toMatchObject({ passkeys: [], recoveryCodes: null });
  const events = await muster.database.query<{ action: string }>(
    "select action from audit_events where target_id = $1 and action like 'second_factor.passkey%' order by at, id",
    [person.id],
  );
  expect(events.map(({ action }) => action)).toEqual([
    "second_factor.passkey_added",
    "second_factor.passkey_renamed",
    "second_factor.passkey_removed",
  ]);
});

it("is added once, to whoever is signed in still, and ends every other session", async () => {
  const person = await tenant.person("member");
  const elsewhere = visitor(muster, tenant.slug);
  await elsewhere.signIn(person.email, testPassword);
  const { passkey } = await add(person, "Key");
  expect(shortly(await elsewhere.call("GET", "/me"))).toBe("401 session.required");
  const { options, setUp } = await beginAdding(person);
  const another = softPasskey().create({ ...here, challenge: options.challenge });
  const send = () => person.call("POST", "/me/passkeys", { setUp, name: "Another", passkey: another });
  expect((await send()).status).toBe(200);
  const [, { id } = { id: "" }] = (await own(person)).passkeys;
  expect((await person.call("DELETE", `/me/passkeys/${id}`)).status).toBe(204);
  expect(shortly(await send())).toBe("410 second_factor.set_up_expired");
  const late = await beginAdding(person);
  const made = softPasskey().create({ ...here, challenge: late.options.challenge });
  const { asked } = await tenant.run(async (ctx) => {
    await endSessionsOf(ctx, person.id);
    const request = person.call("POST", "/me/passkeys", { setUp: late.setUp, name: "Late", passkey: made });
    await until(somebodyWaits, "the request waits for its person");
    return { asked: request };
  });
  expect(shortly(await asked)).toBe("401 session.required");
  const browser = await begin(person);
  expect((await ask(browser)).allowCredentials.map((known) => known.id)).toEqual([passkey.id]);
});

it("is what a tenant requires, is seen by an administrator, and goes when they reset", async () => {
  const { version } = (await tenant.owner.call<{ version: number }>("GET", "/settings")).body;
  const person = await tenant.person("administrator");
  await tenant.owner.call("PATCH", "/settings", { secondFactor: "administrators", version });
  expect(shortly(await person.call("GET", "/users"))).toBe("403 second_factor.must_set_up");
  await add(person, "Key");
  await add(tenant.owner, "Key");
  expect((await person.call("GET", "/users")).status).toBe(200);
  const [{ id } = { id: "" }] = (await own(person)).passkeys;
  expect(shortly(await person.call("DELETE", `/me/passkeys/${id}`))).toBe("409 second_factor.last_required");
  const facts = async () =>
    (await tenant.owner.call<SignInFacts>("GET", `/users/${person.id}/sign-in`)).body.secondFactors;
  expect(await facts()).toMatchObject({ passkeys: 1, recoveryCodesLeft: 10, required: true });
  expect((await tenant.owner.call("DELETE", `/users/${person.id}/second-factors`)).status).toBe(204);
  expect(await facts()).toMatchObject({ passkeys: 0, recoveryCodesLeft: 0 });
});
