import { generateSync } from "otplib";
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from "vitest";
import { messageKinds } from "#server/app.ts";
import { linkTokens, makeLinks } from "#server/features/credentials/links.ts";
import { mailJobs } from "#server/features/mail/jobs.ts";
import type { Message } from "#server/features/messages/contract.ts";
import type { OwnFactors } from "#server/features/second-factors/contract.ts";
import { factorKey } from "#server/features/second-factors/factor-key.ts";
import type { Me, SignInFacts } from "#server/features/sign-in/contract.ts";
import { endSessionsOf } from "#server/features/sign-in/end-sessions.ts";
import { begunCookieName } from "#server/features/sign-in/session-cookie.ts";
import { idsSource } from "#server/platform/db/sql-source.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { unhurriedTiming } from "#tests/support/mail.ts";
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
  muster = await testInstallation({ LOG_LEVEL: "silent" });
});
beforeEach(async () => {
  tenant = await testTenant(muster);
});
afterAll(() => muster.close());

const shortly = ({ status, body }: Answer) =>
  `${status} ${(body as { code?: string } | undefined)?.code ?? ""}`.trim();

/** The code of a time step: of now, or so many half minutes from now. */
const codeOf = (secret: string, steps = 0) => generateSync({ secret, epoch: Date.now() / 1000 + 30 * steps });

type SetUp = { secret: string; code: string; recoveryCodes: string[] };

const beginSetUp = async (person: Pick<TestPerson, "call">) =>
  (await person.call<{ secret: string; setUp: string }>("POST", "/me/authenticator/begin")).body;

/** Sets up an authenticator app just now. */
async function setUpNow(person: Pick<TestPerson, "call">): Promise<SetUp> {
  const { secret, setUp } = await beginSetUp(person);
  const code = codeOf(secret);
  const answer = await person.call<{ recoveryCodes: string[] }>("POST", "/me/authenticator", { setUp, code });
  expect(answer.status).toBe(200);
  return { secret, code, recoveryCodes: answer.body.recoveryCodes };
}

/** As if it had been half a minute ago: the code of now is still to be used. */
async function setUp(person: TestPerson): Promise<SetUp> {
  const made = await setUpNow(person);
  await letCodePass(person);
  return made;
}
const letCodePass = ({ id }: TestPerson) =>
  muster.database.query("update authenticators set last_step = last_step - 1 where user_id = $1", [id]);

const begin = async ({ email }: TestPerson, at = tenant): Promise<Visitor> => {
  const browser = visitor(muster, at.slug);
  const answer = await browser.signIn(email, testPassword);
  expect(answer.body).toMatchObject({ secondFactor: { ways: ["authenticator", "recovery_code"] } });
  return browser;
};
const give = (browser: Visitor, code: string, way = "authenticator") =>
  browser.call<Me>("POST", "/session/second-factor", { way, code });
const giveRecovery = (browser: Visitor, code: string) => give(browser, code, "recovery_code");

const actions = async (personId: string) =>
  (
    await muster.database.query<{ action: string }>(
      "select action from audit_events where tenant_id = $1 and target_id = $2 order by at, id",
      [tenant.id, personId],
    )
  ).map(({ action }) => action);

const somebodyWaits = async () =>
  (
    await muster.database.query(
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    )
  ).length > 0;

const mailed = async (personId: string) =>
  (
    await muster.database.query<{ kind: string }>(
      "select kind from messages where tenant_id = $1 and user_id = $2 order by created_at, id",
      [tenant.id, personId],
    )
  ).map(({ kind }) => kind);

const demand = async (secondFactor: string) => {
  const { version } = (await tenant.owner.call<{ version: number }>("GET", "/settings")).body;
  expect((await tenant.owner.call("PATCH", "/settings", { secondFactor, version })).status).toBe(200);
};

/** As if it were a while since somebody gave their password. */
const letTimePass = () =>
  muster.database.query("update sessions set confirmed_at = now() - interval '11 minutes'");

describe("signing in with an authenticator app", () => {
  it("asks for a code after the right password, and only then says that there is one", async () => {
    const person = await tenant.person("member");
    const { secret } = await setUp(person);
    const stranger = visitor(muster, tenant.slug);
    expect(shortly(await stranger.signIn(person.email, "a wrong password"))).toBe("401 sign_in.refused");
    const browser = await begin(person);
    const answer = await give(browser, codeOf(secret));
    expect(answer.body).toMatchObject({ id: person.id, mustSetUpSecondFactor: false });
    expect((await browser.call("GET", "/me")).status).toBe(200);
    expect((await actions(person.id)).filter((action) => action.startsWith("sign_in."))).toEqual([
      "sign_in.refused",
      "sign_in.begun",
      "sign_in.succeeded",
    ]);
  });

  it("takes the code as people type it, and those of the half minutes beside this one", async () => {
    const person = await tenant.person("member");
    const { secret } = await setUp(person);
    const code = codeOf(secret, 1);
    const browser = await begin(person);
    for (const wrong of [codeOf(secret, 3), codeOf(secret, -3)])
      expect(shortly(await give(browser, wrong))).toBe("422 second_factor.refused");
    expect((await give(browser, ` ${code.slice(0, 3)} ${code.slice(3)} `)).status).toBe(200);
  });

  it("takes no code twice: neither that of the set-up, nor another browser's, nor two at once", async () => {
    const person = await tenant.person("member");
    const { secret, code: first } = await setUpNow(person);
    expect(shortly(await give(await begin(person), first))).toBe("422 second_factor.refused");
    const browsers = [await begin(person), await begin(person), await begin(person)];
    const code = codeOf(secret, 1);
    const answers = await Promise.all(browsers.map((browser) => give(browser, code)));
    expect(answers.map(shortly).sort()).toEqual([
      "200",
      "422 second_factor.refused",
      "422 second_factor.refused",
    ]);
  });

  it("grants nothing before that, ends with the browser's, and is used up by finishing", async () => {
    const person = await tenant.person("owner");
    const { secret } = await setUp(person);
    const browser = await begin(person);
    for (const path of ["/me", "/users", "/me/second-factors", "/me/sessions"])
      expect(shortly(await browser.call("GET", path))).toBe("401 session.required");
    const elsewhere = visitor(muster, tenant.slug);
    expect(shortly(await give(elsewhere, codeOf(secret)))).toBe("401 sign_in.begin_again");
    expect((await browser.call("GET", "/session/second-factor")).body).toEqual({
      ways: ["authenticator", "recovery_code"],
    });
    expect((await give(browser, codeOf(secret))).status).toBe(200);
    expect(shortly(await give(browser, codeOf(secret, 1)))).toBe("401 sign_in.begin_again");
  });

  it("is over after ten minutes, and when the password, the status or all sessions changed meanwhile", async () => {
    const person = await tenant.person("member");
    const { secret } = await setUp(person);
    const changes = [
      () => muster.database.query("update begun_sign_ins set expires_at = now()"),
      () => tenant.owner.call("DELETE", `/users/${person.id}/sessions`),
      () =>
        muster.database.query("update credentials set changed_at = now() where user_id = $1", [person.id]),
      () => muster.database.query("update users set status = 'suspended' where id = $1", [person.id]),
    ];
    for (const change of changes) {
      const browser = await begin(person);
      await change();
      expect(shortly(await browser.call("GET", "/session/second-factor"))).toBe("401 sign_in.begin_again");
      expect(shortly(await give(browser, codeOf(secret)))).toBe("401 sign_in.begin_again");
    }
  });

  it("locks out whoever guesses, in whatever browser, until an administrator lifts it", async () => {
    const person = await tenant.person("member");
    const { secret } = await setUp(person);
    const browser = await begin(person);
    for (let n = 0; n < 10; n++) await give(n < 5 ? browser : await begin(person), codeOf(secret, 5));
    const other = await begin(person);
    expect(shortly(await give(other, codeOf(secret)))).toBe("429 throttled");
    // Their owner is told, once: somebody knows the password.
    expect((await mailed(person.id)).filter((kind) => kind === "second_factor.locked_out")).toHaveLength(1);
    const path = `/users/${person.id}`;
    const { lockedUntil } = (await tenant.owner.call<SignInFacts>("GET", `${path}/sign-in`)).body;
    expect(Date.parse(lockedUntil ?? "")).toBeGreaterThan(Date.now());
    expect((await tenant.owner.call("POST", `${path}/lift-lockout`)).status).toBe(204);
    expect((await give(other, codeOf(secret))).status).toBe(200);
  });

  it("keeps nobody from their recovery codes by wrong codes, and counts those from nought with a new password", async () => {
    const person = await tenant.person("member");
    const { secret, recoveryCodes } = await setUp(person);
    const browser = await begin(person);
    for (let n = 0; n < 10; n++) await give(browser, codeOf(secret, 5));
    expect(shortly(await give(browser, codeOf(secret)))).toBe("429 throttled");
    expect((await giveRecovery(browser, recoveryCodes[0] ?? "")).status).toBe(200);
    const next = { currentPassword: testPassword, newPassword: "seven yellow bicycles" };
    expect((await browser.call("POST", "/me/password", next)).status).toBe(200);
    const again = visitor(muster, tenant.slug);
    await again.signIn(person.email, next.newPassword);
    expect((await give(again, codeOf(secret))).status).toBe(200);
  });

  it("tells of the third wrong code, however far apart, and takes none after thirty until something else fits", async () => {
    const person = await tenant.person("member");
    const { secret, recoveryCodes } = await setUp(person);
    const browser = await begin(person);
    const notices = async () =>
      (await mailed(person.id)).filter((kind) => kind === "second_factor.wrong_codes").length;
    const wrong = async () => {
      expect(shortly(await give(browser, codeOf(secret, 5)))).toBe("422 second_factor.refused");
      // Each in a quarter of an hour of its own.
      await muster.instance.throttle.forget(factorKey(tenant.id, person.id, "authenticator"));
    };
    for (let n = 0; n < 2; n++) await wrong();
    expect(await notices()).toBe(0);
    await wrong();
    expect(await notices()).toBe(1);
    await muster.database.query("update authenticators set wrong_codes = 29 where user_id = $1", [person.id]);
    await wrong();
    expect(await mailed(person.id)).toContain("second_factor.locked_out");
    expect(shortly(await give(browser, codeOf(secret)))).toBe("409 second_factor.codes_refused");
    const path = `/users/${person.id}`;
    const facts = async () =>
      (await tenant.owner.call<SignInFacts>("GET", `${path}/sign-in`)).body.secondFactors;
    expect(await facts()).toMatchObject({ codesRefused: true });
    expect((await giveRecovery(browser, recoveryCodes[0] ?? "")).status).toBe(200);
    expect(await facts()).toMatchObject({ codesRefused: false });
    await muster.database.query("update authenticators set wrong_codes = 30 where user_id = $1", [person.id]);
    expect((await tenant.owner.call("POST", `${path}/lift-lockout`)).status).toBe(204);
    expect((await give(await begin(person), codeOf(secret))).status).toBe(200);
  });

  it("keeps the newest few that were begun, and none once their person signs out everywhere else", async () => {
    const person = await tenant.person("member");
    await setUp(person);
    const browsers: Visitor[] = [];
    for (let n = 0; n < 6; n++) browsers.push(await begin(person));
    const look = (browser: Visitor | undefined) =>
      browser?.call("GET", "/session/second-factor").then(shortly);
    expect(await look(browsers[0])).toBe("401 sign_in.begin_again");
    expect(await look(browsers[1])).toBe("200");
    expect((await person.call("DELETE", "/me/sessions")).status).toBe(204);
    expect(await look(browsers[5])).toBe("401 sign_in.begin_again");
    expect((await person.call("GET", "/me")).status).toBe(200);
  });

  it("keeps tenants apart: neither a begun sign-in nor a code is of use elsewhere", async () => {
    const person = await tenant.person("member");
    const { secret } = await setUp(person);
    const there = await testTenant(muster);
    const twin = await there.person("member");
    await setUp(twin);
    const browser = await begin(person);
    const { config } = muster.instance;
    const [here, elsewhere] = [begunCookieName(tenant.slug, config), begunCookieName(there.slug, config)];
    const begun = (
      await muster.http.inject({
        method: "POST",
        url: `/api/v1/t/${tenant.slug}/session`,
        payload: { email: person.email, password: testPassword },
      })
    ).cookies.find(({ name }) => name === here);
    const carried = await muster.http.inject({
      url: `/api/v1/t/${there.slug}/session/second-factor`,
      headers: { cookie: `${elsewhere}=${begun?.value}` },
    });
    expect(carried.statusCode).toBe(401);
    expect(shortly(await give(await begin(twin, there), codeOf(secret)))).toBe("422 second_factor.refused");
    expect((await give(browser, codeOf(secret))).status).toBe(200);
  });

  it("asks for a temporary password to be changed after the code, not before", async () => {
    const person = await tenant.person("member");
    const { secret } = await setUp(person);
    await muster.database.query("update credentials set temporary = true where user_id = $1", [person.id]);
    const browser = await begin(person);
    expect((await give(browser, codeOf(secret))).body).toMatchObject({ mustChangePassword: true });
    expect(shortly(await browser.call("GET", "/me/sessions"))).toBe("403 password.must_change");
  });
});

test("a link to set a new password asks for the second factor all the same, and removes none", async () => {
  const person = await tenant.person("member");
  const { secret } = await setUp(person);
  const token = await tenant.run(async (ctx) => {
    const expiresAt = new Date(Date.now() + 3_600_000);
    await makeLinks(ctx, "reset", { people: idsSource([person.id]), expiresAt });
    return (await linkTokens(ctx, "reset", [person.id])).get(person.id)?.token;
  });
  const browser = visitor(muster, tenant.slug);
  const used = await browser.call("POST", "/links/use", { token, password: "nine purple elephants" });
  expect(used.body).toEqual({ secondFactor: { ways: ["authenticator", "recovery_code"] } });
  expect(browser.cookie()).toBe("");
  expect(shortly(await browser.call("GET", "/me"))).toBe("401 session.required");
  expect((await give(browser, codeOf(secret))).status).toBe(200);
});

describe("recovery codes", () => {
  it("work once each, however they are typed, and their owner is told", async () => {
    const person = await tenant.person("member");
    const { recoveryCodes } = await setUp(person);
    expect(new Set(recoveryCodes).size).toBe(10);
    const [first = "", second = ""] = recoveryCodes;
    expect(first).toMatch(/^[0-9a-z]{5}-[0-9a-z]{5}$/);
    const typed = first.toUpperCase().replace("-", " ").replaceAll("0", "O");
    expect((await giveRecovery(await begin(person), typed)).status).toBe(200);
    const again = await begin(person);
    expect(shortly(await giveRecovery(again, first))).toBe("422 second_factor.refused");
    expect((await giveRecovery(again, second)).status).toBe(200);
    const { body } = await person.call<OwnFactors>("GET", "/me/second-factors");
    expect(body.recoveryCodes?.left).toBe(8);
    expect(await mailed(person.id)).toEqual([
      "second_factor.added",
      "second_factor.recovery_code_used",
      "second_factor.recovery_code_used",
    ]);
  });

  it("are kept as hashes only, and new ones replace all there were", async () => {
    const person = await tenant.person("member");
    const { recoveryCodes, secret } = await setUp(person);
    const dump = await muster.database.query<{ all: string }>(
      `select string_agg(t::text, ' ') as all from (
         select r::text as t from recovery_codes r union all select a::text from authenticators a
         union all select e::text from audit_events e) t`,
    );
    for (const word of [...recoveryCodes, secret, Buffer.from(secret).toString("hex")])
      expect(dump[0]?.all).not.toContain(word);
    const renewed = await person.call<{ recoveryCodes: string[] }>("POST", "/me/recovery-codes");
    expect(renewed.body.recoveryCodes).toHaveLength(10);
    const browser = await begin(person);
    expect(shortly(await giveRecovery(browser, recoveryCodes[0] ?? ""))).toBe("422 second_factor.refused");
    expect((await giveRecovery(browser, renewed.body.recoveryCodes[9] ?? "")).status).toBe(200);
  });

  it("are no second factor by themselves", async () => {
    const person = await tenant.person("member");
    expect(shortly(await person.call("POST", "/me/recovery-codes"))).toBe("409 second_factor.none");
    await setUp(person);
    expect((await person.call("DELETE", "/me/authenticator")).status).toBe(204);
    expect((await person.call("GET", "/me/second-factors")).body).toMatchObject({
      authenticator: null,
      recoveryCodes: null,
    });
    expect((await visitor(muster, tenant.slug).signIn(person.email, testPassword)).body).toHaveProperty("id");
  });
});

describe("setting up", () => {
  it("asks for the password where it is a while since it was given, for every change", async () => {
    const person = await tenant.person("member");
    await setUp(person);
    await letTimePass();
    const changes = [
      ["POST", "/me/authenticator/begin"],
      ["DELETE", "/me/authenticator"],
      ["POST", "/me/recovery-codes"],
    ] as const;
    for (const [method, path] of changes)
      expect(shortly(await person.call(method, path))).toBe("403 session.confirm_first");
    expect(shortly(await person.call("POST", "/me/confirm", { password: "wrong" }))).toBe(
      "422 password.wrong",
    );
  });

  it("asks for the second factor with it, where there is one, and counts wrong ones as in signing in", async () => {
    const person = await tenant.person("member");
    const { secret, recoveryCodes } = await setUp(person);
    await letTimePass();
    const confirm = (secondFactor?: object) =>
      person.call("POST", "/me/confirm", { password: testPassword, secondFactor }).then(shortly);
    const code = { way: "authenticator", code: codeOf(secret) };
    expect(await confirm()).toBe("409 second_factor.needed");
    expect(await confirm({ ...code, code: codeOf(secret, 5) })).toBe("422 second_factor.refused");
    expect(shortly(await person.call("DELETE", "/me/authenticator"))).toBe("403 session.confirm_first");
    expect(await confirm(code)).toBe("204");
    expect(await confirm(code)).toBe("422 second_factor.refused");
    expect((await person.call("POST", "/me/recovery-codes")).status).toBe(200);
    expect(await confirm({ way: "recovery_code", code: recoveryCodes[0] })).toBe("422 second_factor.refused");
    for (let n = 0; n < 9; n++) await confirm({ ...code, code: codeOf(secret, 5) });
    expect(await confirm({ ...code, code: codeOf(secret, 1) })).toBe("429 throttled");
    expect(await mailed(person.id)).toContain("second_factor.locked_out");
  });

  it("a new password makes neither a second factor nor a confirmation of what had none", async () => {
    const person = await tenant.person("member");
    await setUp(person);
    await letTimePass();
    const browser = visitor(muster, tenant.slug, { cookie: person.cookie });
    const next = { currentPassword: testPassword, newPassword: "seven yellow bicycles" };
    expect((await browser.call("POST", "/me/password", next)).status).toBe(200);
    expect(browser.cookie()).not.toBe(person.cookie);
    expect((await browser.call("GET", "/me")).status).toBe(200);
    expect(shortly(await browser.call("DELETE", "/me/authenticator"))).toBe("403 session.confirm_first");
  });

  it("ends every session but its own, and what was begun: whoever has those may know the password alone", async () => {
    const person = await tenant.person("member");
    const elsewhere = visitor(muster, tenant.slug);
    await elsewhere.signIn(person.email, testPassword);
    const { secret } = await setUp(person);
    expect(shortly(await elsewhere.call("GET", "/me"))).toBe("401 session.required");
    expect((await person.call("GET", "/me")).status).toBe(200);
    const begun = await begin(person);
    const other = await begin(person);
    expect((await give(other, codeOf(secret))).status).toBe(200);
    // Replacing it is the same.
    await setUp(person);
    expect(shortly(await other.call("GET", "/me"))).toBe("401 session.required");
    expect(shortly(await begun.call("GET", "/session/second-factor"))).toBe("401 sign_in.begin_again");
  });

  it("leaves a session worth nothing in which no second factor was given", async () => {
    const person = await tenant.person("member");
    await setUp(person);
    await muster.database.query("update sessions set factor_at = null where user_id = $1", [person.id]);
    expect(shortly(await person.call("GET", "/me"))).toBe("401 session.required");
    expect(shortly(await person.call("POST", "/me/confirm", { password: testPassword }))).toBe(
      "401 session.required",
    );
  });

  it("is of use once, in the session it was begun in, and takes no code that was used before", async () => {
    const person = await tenant.person("member");
    const other = visitor(muster, tenant.slug);
    await other.signIn(person.email, testPassword);
    const { secret, setUp: sealed } = await beginSetUp(person);
    const body = { setUp: sealed, code: codeOf(secret) };
    expect(shortly(await other.call("POST", "/me/authenticator", body))).toBe(
      "410 second_factor.set_up_expired",
    );
    const earlier = await beginSetUp(person);
    expect((await person.call("POST", "/me/authenticator", body)).status).toBe(200);
    expect((await give(await begin(person), codeOf(secret, 1))).status).toBe(200);
    const again = [body, { setUp: earlier.setUp, code: codeOf(earlier.secret) }];
    for (const late of again)
      expect(shortly(await person.call("POST", "/me/authenticator", late))).toBe(
        "410 second_factor.set_up_expired",
      );
    await muster.database.query("update authenticators set last_step = 99999999999 where user_id = $1", [
      person.id,
    ]);
    await setUpNow(person);
    expect(
      await muster.database.query("select last_step::text from authenticators where user_id = $1", [
        person.id,
      ]),
    ).toEqual([{ last_step: "99999999999" }]);
  });

  it("changes nothing once the session it was asked in is over", async () => {
    const next = { currentPassword: testPassword, newPassword: "seven yellow bicycles" };
    const requests = [
      (person: TestPerson, begun: object) => person.call("POST", "/me/authenticator", begun),
      (person: TestPerson) => person.call("DELETE", "/me/authenticator"),
      (person: TestPerson) => person.call("POST", "/me/recovery-codes"),
      (person: TestPerson) => person.call("POST", "/me/password", next),
    ];
    for (const request of requests) {
      const person = await tenant.person("member");
      await setUp(person);
      const { secret, setUp: sealed } = await beginSetUp(person);
      const answer = await tenant.run(async (ctx) => {
        await endSessionsOf(ctx, person.id);
        const asked = request(person, { setUp: sealed, code: codeOf(secret) });
        await until(somebodyWaits, "the request waits for its person");
        return { asked };
      });
      expect(shortly(await answer.asked)).toBe("401 session.required");
      expect(await mailed(person.id)).toEqual(["second_factor.added"]);
      // The password is the old one still, and the second factor is asked for.
      await begin(person);
    }
  });

  it("brings new recovery codes where all were used, and tells of those that were made anew", async () => {
    const person = await tenant.person("member");
    const { recoveryCodes } = await setUp(person);
    expect(recoveryCodes).toHaveLength(10);
    await muster.database.query("update recovery_codes set used_at = now() where user_id = $1", [person.id]);
    expect((await setUp(person)).recoveryCodes).toHaveLength(10);
    expect((await person.call("POST", "/me/recovery-codes")).status).toBe(200);
    expect(await mailed(person.id)).toEqual([
      "second_factor.added",
      "second_factor.added",
      "second_factor.codes_made",
    ]);
  });

  it("changes nothing without a right code, nor with what was begun by somebody else or long ago", async () => {
    const [person, other] = [await tenant.person("member"), await tenant.person("member")];
    const { secret } = await setUp(person);
    const begun = await beginSetUp(person);
    const finish = (by: TestPerson, setUp: string, code: string) =>
      by.call("POST", "/me/authenticator", { setUp, code }).then(shortly);
    expect(await finish(person, begun.setUp, codeOf(begun.secret, 4))).toBe("422 authenticator.code_wrong");
    expect(await finish(other, begun.setUp, codeOf(begun.secret))).toBe("410 second_factor.set_up_expired");
    expect(await finish(person, "made up", codeOf(begun.secret))).toBe("410 second_factor.set_up_expired");
    expect((await other.call("GET", "/me/second-factors")).body).toMatchObject({ authenticator: null });
    // The one that was there works until the new one is finished, and then no more; the recovery codes stay.
    expect((await give(await begin(person), codeOf(secret))).status).toBe(200);
    expect(await finish(person, begun.setUp, codeOf(begun.secret))).toBe("200");
    expect(shortly(await give(await begin(person), codeOf(secret, 1)))).toBe("422 second_factor.refused");
    expect((await person.call("GET", "/me/second-factors")).body).toMatchObject({
      recoveryCodes: { left: 10 },
    });
  });
});

describe("where the tenant requires one", () => {
  it("whoever has none sets one up and can do nothing else until then, the last owner too", async () => {
    await demand("administrators");
    const member = await tenant.person("member");
    expect((await member.call("GET", "/me/sessions")).status).toBe(200);
    expect((await member.call("GET", "/me")).body).toMatchObject({ mustSetUpSecondFactor: false });
    for (const person of [tenant.owner, await tenant.person("administrator")]) {
      expect(shortly(await person.call("GET", "/users"))).toBe("403 second_factor.must_set_up");
      expect(shortly(await person.call("GET", "/me/sessions"))).toBe("403 second_factor.must_set_up");
      const signedIn = await visitor(muster, tenant.slug).signIn(person.email, testPassword);
      expect(signedIn.body).toMatchObject({ mustSetUpSecondFactor: true });
      await setUp(person);
      expect((await person.call("GET", "/users")).status).toBe(200);
    }
  });

  it("the last one is not removed", async () => {
    await demand("everyone");
    const person = await tenant.person("member");
    await setUp(person);
    expect(shortly(await person.call("DELETE", "/me/authenticator"))).toBe("409 second_factor.last_required");
    expect((await person.call("GET", "/me/second-factors")).body).toMatchObject({
      authenticator: { setUpAt: expect.any(String) },
      required: true,
    });
  });
});

describe("an administrator", () => {
  const facts = async ({ id }: TestPerson) =>
    (await tenant.owner.call<SignInFacts>("GET", `/users/${id}/sign-in`)).body.secondFactors;

  it("sees what somebody has and removes it, which ends their sessions and is told", async () => {
    const person = await tenant.person("administrator");
    await setUp(person);
    expect(await facts(person)).toEqual({
      authenticatorSetUpAt: expect.any(String),
      passkeys: 0,
      recoveryCodesLeft: 10,
      required: false,
      codesRefused: false,
    });
    const browser = await begin(person);
    expect((await tenant.owner.call("DELETE", `/users/${person.id}/second-factors`)).status).toBe(204);
    expect(await facts(person)).toMatchObject({ authenticatorSetUpAt: null, recoveryCodesLeft: 0 });
    expect(shortly(await person.call("GET", "/me"))).toBe("401 session.required");
    expect(shortly(await browser.call("GET", "/session/second-factor"))).toBe("401 sign_in.begin_again");
    expect(await actions(person.id)).toEqual(
      expect.arrayContaining(["second_factor.reset", "session.revoked"]),
    );
    expect(await mailed(person.id)).toEqual(["second_factor.added", "second_factor.removed"]);
    expect((await visitor(muster, tenant.slug).signIn(person.email, testPassword)).body).toHaveProperty("id");
  });

  it("does neither that nor another policy without showing again that it is them", async () => {
    const person = await tenant.person("member");
    await setUp(person);
    const { version } = (await tenant.owner.call<{ version: number }>("GET", "/settings")).body;
    await letTimePass();
    const settings = (change: object) => tenant.owner.call("PATCH", "/settings", { ...change, version });
    expect(shortly(await tenant.owner.call("DELETE", `/users/${person.id}/second-factors`))).toBe(
      "403 session.confirm_first",
    );
    expect(shortly(await settings({ secondFactor: "optional" }))).toBe("403 session.confirm_first");
    expect((await settings({ sessionHours: 7 })).status).toBe(200);
  });

  it("removes none within days of another's change of the address that would be told", async () => {
    const person = await tenant.person("member");
    await setUp(person);
    const { version } = (await tenant.owner.call<{ version: number }>("GET", `/users/${person.id}`)).body;
    const email = `elsewhere@${tenant.slug}.example`;
    const reset = () => tenant.owner.call("DELETE", `/users/${person.id}/second-factors`).then(shortly);
    expect((await tenant.owner.call("PATCH", `/users/${person.id}`, { version, email })).status).toBe(200);
    expect(await reset()).toBe("409 user.address_changed_lately");
    await muster.database.query(
      "update audit_events set at = at - interval '73 hours' where target_id = $1",
      [person.id],
    );
    expect(await reset()).toBe("204");
  });

  it("removes none of their own there, and says nothing where there are none", async () => {
    await setUp(tenant.owner);
    const reset = (id: string) => tenant.owner.call("DELETE", `/users/${id}/second-factors`).then(shortly);
    expect(await reset(tenant.owner.id)).toBe("409 user.yourself");
    const person = await tenant.person("member");
    expect(await reset(person.id)).toBe("204");
    expect([await actions(person.id), await mailed(person.id)]).toEqual([[], []]);
    expect((await person.call("GET", "/me")).status).toBe(200);
  });
});

test("what is held of somebody names their second factors, and no secret", async () => {
  const person = await tenant.person("member");
  const { secret, recoveryCodes } = await setUp(person);
  const { body } = await person.call<string>("GET", "/me/everything.json");
  const text = typeof body === "string" ? body : JSON.stringify(body);
  expect(JSON.parse(text).secondFactors).toMatchObject({
    authenticatorSetUpAt: expect.any(String),
    recoveryCodes: expect.arrayContaining([{ madeAt: expect.any(String), usedAt: null }]),
  });
  for (const word of [secret, ...recoveryCodes]) expect(text).not.toContain(word);
});

test("no notice is taken back, worded anew, or kept from somebody by what else was done to them", async () => {
  const person = await tenant.person("member");
  const path = `/users/${person.id}`;
  const notices = async () =>
    (await tenant.owner.call<{ items: Message[] }>("GET", "/messages?kind=second_factor.added")).body.items;
  const deliver = mailJobs(messageKinds, unhurriedTiming).find(({ name }) => name === "mail.deliver_first");
  const send = () => deliver?.run({ tenantId: tenant.id }, muster.services);
  const { version } = (await tenant.owner.call<{ version: number }>("GET", "/settings")).body;
  await tenant.owner.call("PATCH", "/settings", { mailsPerAddress: 1, version });
  await setUp(person);
  await send();
  await setUp(person);
  const [{ id, canWithdraw } = { id: "" }] = await notices();
  expect(canWithdraw).toBe(false);
  expect(shortly(await tenant.owner.call("POST", `/messages/${id}/withdraw`))).toBe("409 message.sent_once");
  expect((await tenant.owner.call("POST", `${path}/credentials/resend`)).status).toBe(200);
  await muster.database.query("update users set mail_failed_at = now() where id = $1", [person.id]);
  expect((await tenant.owner.call("POST", `${path}/suspend`)).status).toBe(200);
  await send();
  expect((await notices()).map(({ state, canResend }) => ({ state, canResend }))).toEqual([
    { state: "accepted", canResend: false },
    { state: "accepted", canResend: false },
  ]);
});

test("the notices say what happened in each language", async () => {
  const deliver = mailJobs(messageKinds, unhurriedTiming).find(({ name }) => name === "mail.deliver_first");
  const subjects = async (person: TestPerson) => {
    await deliver?.run({ tenantId: tenant.id }, muster.services);
    const { body } = await tenant.owner.call<{ items: { recipient: string; subject: string }[] }>(
      "GET",
      "/mailbox",
    );
    return body.items.filter(({ recipient }) => recipient === person.email).map(({ subject }) => subject);
  };
  for (const [language, words] of [
    ["en", "A second factor for"],
    ["de", "Ein zweiter Faktor für"],
    ["es", "Se ha añadido un segundo factor"],
  ]) {
    const person = await tenant.person("member");
    await person.call("PATCH", "/me", { language });
    await setUp(person);
    expect(await subjects(person)).toEqual([expect.stringContaining(words ?? "")]);
  }
});
