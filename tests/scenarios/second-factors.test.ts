import { generateSync } from "otplib";
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from "vitest";
import { messageKinds } from "#server/app.ts";
import { linkTokens, makeLinks } from "#server/features/credentials/links.ts";
import { mailJobs } from "#server/features/mail/jobs.ts";
import { usualTiming } from "#server/features/mail/sending/timing.ts";
import type { OwnFactors } from "#server/features/second-factors/contract.ts";
import type { Me, SignInFacts } from "#server/features/sign-in/contract.ts";
import { begunCookieName } from "#server/features/sign-in/session-cookie.ts";
import { idsSource } from "#server/platform/db/sql-source.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import {
  type Answer,
  type TestPerson,
  type TestTenant,
  testPassword,
  testTenant,
} from "#tests/support/tenant.ts";
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

/** Sets up an authenticator app just now. */
async function setUpNow(person: Pick<TestPerson, "call">): Promise<SetUp> {
  const begun = await person.call<{ secret: string; setUp: string }>("POST", "/me/authenticator/begin");
  const { secret, setUp } = begun.body;
  const code = codeOf(secret);
  const answer = await person.call<{ recoveryCodes: string[] }>("POST", "/me/authenticator", { setUp, code });
  expect(answer.status).toBe(200);
  return { secret, code, recoveryCodes: answer.body.recoveryCodes };
}

/** As if it had been half a minute ago: the code of now is still to be used. */
async function setUp(person: TestPerson): Promise<SetUp> {
  const made = await setUpNow(person);
  await muster.database.query("update authenticators set last_step = last_step - 1 where user_id = $1", [
    person.id,
  ]);
  return made;
}

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
    expect((await person.call("POST", "/me/confirm", { password: testPassword })).status).toBe(204);
    expect((await person.call("POST", "/me/recovery-codes")).status).toBe(200);
  });

  it("changes nothing without a right code, nor with what was begun by somebody else or long ago", async () => {
    const [person, other] = [await tenant.person("member"), await tenant.person("member")];
    const { secret } = await setUp(person);
    const begun = (await person.call<{ secret: string; setUp: string }>("POST", "/me/authenticator/begin"))
      .body;
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

test("the notices say what happened in each language", async () => {
  const deliver = mailJobs(messageKinds, usualTiming).find(({ name }) => name === "mail.deliver_first");
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
