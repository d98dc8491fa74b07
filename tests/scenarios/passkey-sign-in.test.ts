import { parse } from "uuid";
import { expect, it } from "vitest";
import type { Me, SignInFacts } from "#server/features/sign-in/contract.ts";
import { endSessionsOf } from "#server/features/sign-in/end-sessions.ts";
import { keepChallenge } from "#server/features/sign-in/passkey-challenge.ts";
import { challengeCookieName } from "#server/features/sign-in/session-cookie.ts";
import { lockUser } from "#server/features/users/lock-user.ts";
import { suspendUsers } from "#server/features/users/suspend-users.ts";
import { doorOf } from "#server/serve-routes.ts";
import { shortly } from "#tests/support/at-once.ts";
import {
  addPasskey,
  askPasskey,
  factorDesk,
  givePasskey,
  here,
  ownFactors,
  type SoftPasskey,
} from "#tests/support/factor-desk.ts";
import { present, softPasskey, verified } from "#tests/support/soft-passkey.ts";
import { type TestPerson, testTenant } from "#tests/support/tenant.ts";
import { until } from "#tests/support/until.ts";
import { type Visitor, visitor } from "#tests/support/visitor.ts";

const { installation, tenant, query, begin, actions, somebodyWaits, demand } = factorDesk();

const handleOf = ({ id }: Pick<TestPerson, "id">) => Buffer.from(parse(id)).toString("base64url");
const browserAt = (slug: string = tenant.slug) => visitor(installation, slug);
const ask = async (browser: Visitor) =>
  (await browser.call<{ challenge: string }>("POST", "/session/passkey/begin")).body;
const give = (browser: Visitor, passkey: ReturnType<SoftPasskey["discover"]>) =>
  browser.call<Me>("POST", "/session/passkey", { passkey });

/** Somebody with a passkey, and how they sign in with it. */
async function somebody(role: "member" | "administrator" = "member", made = softPasskey()) {
  const person = await tenant.person(role);
  const { passkey } = await addPasskey(person, "Phone", made);
  const sign = (challenge: string, count: number, more: object = {}) =>
    passkey.discover({ ...here, challenge }, { count, userHandle: handleOf(person), ...more });
  return { person, passkey, sign };
}

const refusal = "401 sign_in.passkey_refused";

it("signs in without email and password, with all that both steps give", async () => {
  await demand("everyone");
  const { person, sign } = await somebody("administrator");
  const browser = await begin(person);
  const { challenge, ...asked } = await ask(browser);
  // Nothing in it is about anybody.
  expect(asked).toEqual({
    rpId: here.rpId,
    timeout: 300_000,
    allowCredentials: [],
    userVerification: "required",
  });
  const answer = await give(browser, sign(challenge, 2));
  expect(answer.body).toMatchObject({
    id: person.id,
    mustSetUpSecondFactor: false,
    mustChangePassword: false,
  });
  expect((await browser.call("GET", "/users")).status).toBe(200);
  // A second factor was given in it, just now.
  expect((await browser.call("POST", "/me/recovery-codes")).status).toBe(200);
  expect((await actions(person.id)).filter((action) => action.startsWith("sign_in."))).toEqual([
    "sign_in.begun",
    "sign_in.succeeded",
  ]);
  // What was begun in it by password is not gone on with.
  expect(shortly(await browser.call("GET", "/session/second-factor"))).toBe("401 sign_in.begin_again");
});

it("takes no passkey that has not made sure of who holds it, though that is one beside the password", async () => {
  const { person, passkey, sign } = await somebody();
  const browser = browserAt();
  const unverified = sign((await ask(browser)).challenge, 2, { flags: present });
  expect(shortly(await give(browser, unverified))).toBe(refusal);
  expect(await actions(person.id)).toContain("sign_in.refused");
  const second = await begin(person);
  const { challenge } = await askPasskey(second);
  expect((await givePasskey(second, passkey.get({ ...here, challenge }, 3))).status).toBe(200);
});

it("takes none that never made sure of who held it where the password or link showed who that was", async () => {
  const { person, passkey, sign } = await somebody("member", softPasskey(present));
  const alone = async (count: number) => {
    const browser = browserAt();
    return shortly(await give(browser, sign((await ask(browser)).challenge, count)));
  };
  const afterPassword = async (count: number, flags: number) => {
    const browser = await begin(person);
    const { challenge } = await askPasskey(browser);
    return shortly(await givePasskey(browser, passkey.get({ ...here, challenge }, count, flags)));
  };
  // Whoever finds a key without a PIN can set one.
  expect(await alone(2)).toBe(refusal);
  expect([await afterPassword(3, present), await alone(4)]).toEqual(["200", refusal]);
  expect([await afterPassword(5, verified), await alone(6)]).toEqual(["200", "200"]);
  expect([await afterPassword(7, present), await alone(8)]).toEqual(["200", "200"]);
});

it("does not where the tenant wants the password first, also with a challenge from before", async () => {
  const { person, passkey, sign } = await somebody();
  const factors = async () => (await ownFactors(person)).passkeys;
  expect(await factors()).toMatchObject([{ name: "Phone", signsInAlone: true }]);
  const [early, late] = [browserAt(), browserAt()];
  const { challenge } = await ask(early);
  await allow(false);
  expect((await late.call("GET", "/portal")).body).toMatchObject({ passkeySignIn: false });
  expect(shortly(await late.call("POST", "/session/passkey/begin"))).toBe("403 sign_in.passkey_off");
  expect(shortly(await give(early, sign(challenge, 2)))).toBe("403 sign_in.passkey_off");
  expect(await factors()).toMatchObject([{ signsInAlone: false }]);
  // After the password it is a factor as before.
  const second = await begin(person);
  const asked = await askPasskey(second);
  expect((await givePasskey(second, passkey.get({ ...here, challenge: asked.challenge }, 3))).status).toBe(
    200,
  );
  await allow(true);
  expect((await give(early, sign((await ask(early)).challenge, 4))).status).toBe(200);
  const changed =
    "select fields from audit_events where tenant_id = $1 and action = 'tenant.settings_changed'";
  expect(await query(changed, [tenant.id])).toEqual([
    { fields: ["passkeySignIn"] },
    { fields: ["passkeySignIn"] },
  ]);
});

async function allow(passkeySignIn: boolean) {
  const { owner } = tenant;
  const settings = await owner.call<{ version: number }>("GET", "/settings");
  const change = { version: settings.body.version, passkeySignIn };
  expect((await owner.call("PATCH", "/settings", change)).status).toBe(200);
}

it("is good for one try, of the browser that asked, for some minutes", async () => {
  const { sign } = await somebody();
  const [browser, other] = [browserAt(), browserAt()];
  expect(shortly(await give(browser, sign("AAAA", 2)))).toBe(refusal);
  const { challenge } = await ask(browser);
  await ask(other);
  expect(shortly(await give(other, sign(challenge, 2)))).toBe(refusal);
  // A try has used it up, whatever the browser keeps.
  expect(await inTurn((challenge) => [sign("AAAA", 3), sign(challenge, 4)])).toEqual([401, 401]);
  expect(await inTurn((challenge) => [sign(challenge, 5), sign(challenge, 6)])).toEqual([200, 401]);
});

const send = (path: string, cookie: string, payload?: object) =>
  installation.http.inject({
    method: "POST",
    url: `/api/v1/t/${tenant.slug}${path}`,
    headers: { cookie },
    ...(payload && { payload }),
  });

/** Tries with one cookie, as of somebody who has copied it. */
async function inTurn(tries: (challenge: string) => object[]) {
  const asked = await send("/session/passkey/begin", "");
  const cookie = asked.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  const statuses: number[] = [];
  for (const passkey of tries(asked.json().challenge))
    statuses.push((await send("/session/passkey", cookie, { passkey })).statusCode);
  return statuses;
}

it("is over after five minutes", async () => {
  const { sign } = await somebody();
  const askedBefore = (minutes: number) => {
    const now = new Date(Date.now() - minutes * 60_000);
    const actor = { kind: "anonymous", ip: "127.0.0.1", userAgent: "" } as const;
    let cookie = "";
    keepChallenge(doorOf(installation, { id: tenant.id, slug: tenant.slug, now, actor }), "AAAA", {
      keepChallenge: (slug, signed) => {
        cookie = `${challengeCookieName(slug, installation.instance.config)}=${signed}`;
      },
    });
    return cookie;
  };
  const tryIt = async (minutes: number, count: number) =>
    (await send("/session/passkey", askedBefore(minutes), { passkey: sign("AAAA", count) })).statusCode;
  expect([await tryIt(5, 2), await tryIt(4, 3)]).toEqual([401, 200]);
});

it("refuses what was signed elsewhere, for somebody else, by a copy, or by a passkey nobody has, all alike", async () => {
  const { passkey, sign } = await somebody();
  const theirs = await somebody();
  const browser = browserAt();
  const details: unknown[] = [];
  const refused = async (make: (challenge: string) => ReturnType<SoftPasskey["discover"]>) => {
    const answer = await give(browser, make((await ask(browser)).challenge));
    expect(shortly(answer)).toBe(refusal);
    details.push((answer.body as { detail?: string }).detail);
  };
  const evil = { rpId: "evil.example", origin: "https://evil.example" };
  const byMe = { count: 2, userHandle: handleOf(theirs.person) };
  await refused((challenge) => passkey.discover({ ...here, challenge }, byMe));
  await refused((challenge) => softPasskey().discover({ ...here, challenge }, byMe));
  await refused((challenge) => ({
    ...softPasskey().discover({ ...here, challenge }, byMe),
    id: theirs.passkey.id,
  }));
  await refused((challenge) => passkey.discover({ ...evil, challenge }, byMe));
  expect((await give(browser, sign((await ask(browser)).challenge, 7))).status).toBe(200);
  await refused((challenge) => sign(challenge, 7));
  expect(new Set(details).size).toBe(1);
});

it("answers alike whether there is such a tenant, passkey or user, and keeps tenants apart", async () => {
  const { person, passkey } = await somebody();
  const there = await testTenant(installation);
  for (const slug of [there.slug, "no-such-tenant"]) {
    const browser = browserAt(slug);
    const { challenge, ...asked } = await ask(browser);
    expect(asked).toMatchObject({ rpId: here.rpId, allowCredentials: [] });
    const signed = passkey.discover({ ...here, challenge }, { count: 2, userHandle: handleOf(person) });
    const answer = await give(browser, signed);
    expect([answer.status, (answer.body as { detail?: string }).detail]).toEqual([
      401,
      expect.stringContaining("does not sign you in here"),
    ]);
  }
  const [{ tried } = { tried: 0 }] = await query<{ tried: number }>(
    "select count(*)::int as tried from audit_events where tenant_id = $1 and action = 'sign_in.refused'",
    [there.id],
  );
  expect(tried).toBe(1);
});

it("lets nobody in who may not sign in, nor whose passkey is gone", async () => {
  const { person, sign } = await somebody();
  const tryIt = async (count: number) => {
    const browser = browserAt();
    return shortly(await give(browser, sign((await ask(browser)).challenge, count)));
  };
  const path = `/users/${person.id}`;
  await tenant.owner.call("POST", `${path}/suspend`);
  expect(await tryIt(2)).toBe(refusal);
  await tenant.owner.call("POST", `${path}/reactivate`);
  expect(await tryIt(3)).toBe("200");
  await query("update tenants set status = 'suspended' where id = $1", [tenant.id]);
  expect(await tryIt(4)).toBe(refusal);
  await query("update tenants set status = 'active' where id = $1", [tenant.id]);
  expect((await tenant.owner.call("DELETE", `${path}/second-factors`)).status).toBe(204);
  expect(await tryIt(5)).toBe(refusal);
});

it("records every try, also without having asked: then of nobody, since anybody can say whose it is", async () => {
  const { person, sign } = await somebody();
  const browser = browserAt();
  expect(shortly(await give(browser, sign("AAAA", 2)))).toBe(refusal);
  await ask(browser);
  expect(shortly(await give(browser, sign("AAAA", 3)))).toBe(refusal);
  const tries = await query(
    "select target_id, details from audit_events where tenant_id = $1 and action = 'sign_in.refused' order by at, id",
    [tenant.id],
  );
  const details = { way: "passkey_alone" };
  expect(tries).toEqual([
    { target_id: null, details },
    { target_id: person.id, details },
  ]);
});

it("does not slip past what ends sessions at that very moment", async () => {
  const { person, sign } = await somebody();
  const browser = browserAt();
  const { challenge } = await ask(browser);
  const { asked } = await tenant.run(async (ctx) => {
    const user = await lockUser(ctx, person.id);
    const request = give(browser, sign(challenge, 2));
    await until(somebodyWaits, "the passkey waits for its person");
    await suspendUsers(ctx, [user]);
    await endSessionsOf(ctx, person.id);
    return { asked: request };
  });
  expect(shortly(await asked)).toBe(refusal);
});

it("counts tries with somebody's passkeys, which keep nobody from their password and are lifted like others", async () => {
  const { person, passkey, sign } = await somebody();
  const wrong = sign("AAAA", 2);
  // The same, spelled in another way.
  const again = { ...wrong, id: `${wrong.id}=` };
  for (let n = 0; n < 10; n++) expect(shortly(await give(browserAt(), n % 2 ? wrong : again))).toBe(refusal);
  const alone = async (count: number) => {
    const browser = browserAt();
    return shortly(await give(browser, sign((await ask(browser)).challenge, count)));
  };
  expect(await alone(3)).toBe("429 throttled");
  const second = await begin(person);
  const { challenge } = await askPasskey(second);
  expect((await givePasskey(second, passkey.get({ ...here, challenge }, 3))).status).toBe(200);
  const path = `/users/${person.id}`;
  const facts = await tenant.owner.call<SignInFacts>("GET", `${path}/sign-in`);
  expect(facts.body.lockedUntil).toEqual(expect.any(String));
  expect((await tenant.owner.call("POST", `${path}/lift-lockout`)).status).toBe(204);
  expect(await alone(4)).toBe("200");
});
