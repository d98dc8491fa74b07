import { describe, expect, it } from "vitest";
import { endSessionsOf } from "#server/features/sign-in/end-sessions.ts";
import { shortly } from "#tests/support/at-once.ts";
import {
  beginSetUp,
  codeOf,
  factorDesk,
  giveCode,
  giveRecovery,
  ownFactors,
  setUpNow,
} from "#tests/support/factor-desk.ts";
import { type TestPerson, testPassword } from "#tests/support/tenant.ts";
import { until } from "#tests/support/until.ts";
import { visitor } from "#tests/support/visitor.ts";

const { installation, tenant, query, setUp, begin, mailed, somebodyWaits, letTimePass } = factorDesk();

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
    const browser = visitor(installation, tenant.slug, { cookie: person.cookie });
    const next = { currentPassword: testPassword, newPassword: "seven yellow bicycles" };
    expect((await browser.call("POST", "/me/password", next)).status).toBe(200);
    expect(browser.cookie()).not.toBe(person.cookie);
    expect((await browser.call("GET", "/me")).status).toBe(200);
    expect(shortly(await browser.call("DELETE", "/me/authenticator"))).toBe("403 session.confirm_first");
  });

  it("ends every session but its own, and what was begun: whoever has those may know the password alone", async () => {
    const person = await tenant.person("member");
    const elsewhere = visitor(installation, tenant.slug);
    await elsewhere.signIn(person.email, testPassword);
    const { secret } = await setUp(person);
    expect(shortly(await elsewhere.call("GET", "/me"))).toBe("401 session.required");
    expect((await person.call("GET", "/me")).status).toBe(200);
    const begun = await begin(person);
    const other = await begin(person);
    expect((await giveCode(other, codeOf(secret))).status).toBe(200);
    // Replacing it is the same.
    await setUp(person);
    expect(shortly(await other.call("GET", "/me"))).toBe("401 session.required");
    expect(shortly(await begun.call("GET", "/session/second-factor"))).toBe("401 sign_in.begin_again");
  });

  it("leaves a session worth nothing in which no second factor was given", async () => {
    const person = await tenant.person("member");
    await setUp(person);
    await query("update sessions set factor_at = null where user_id = $1", [person.id]);
    expect(shortly(await person.call("GET", "/me"))).toBe("401 session.required");
    expect(shortly(await person.call("POST", "/me/confirm", { password: testPassword }))).toBe(
      "401 session.required",
    );
  });

  it("is of use once, in the session it was begun in, and takes no code that was used before", async () => {
    const person = await tenant.person("member");
    const other = visitor(installation, tenant.slug);
    await other.signIn(person.email, testPassword);
    const { secret, setUp: sealed } = await beginSetUp(person);
    const body = { setUp: sealed, code: codeOf(secret) };
    expect(shortly(await other.call("POST", "/me/authenticator", body))).toBe(
      "410 second_factor.set_up_expired",
    );
    const earlier = await beginSetUp(person);
    expect((await person.call("POST", "/me/authenticator", body)).status).toBe(200);
    expect((await giveCode(await begin(person), codeOf(secret, 1))).status).toBe(200);
    const again = [body, { setUp: earlier.setUp, code: codeOf(earlier.secret) }];
    for (const late of again)
      expect(shortly(await person.call("POST", "/me/authenticator", late))).toBe(
        "410 second_factor.set_up_expired",
      );
    await query("update authenticators set last_step = 99999999999 where user_id = $1", [person.id]);
    await setUpNow(person);
    expect(await query("select last_step::text from authenticators where user_id = $1", [person.id])).toEqual(
      [{ last_step: "99999999999" }],
    );
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
    await query("update recovery_codes set used_at = now() where user_id = $1", [person.id]);
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
    expect((await giveCode(await begin(person), codeOf(secret))).status).toBe(200);
    expect(await finish(person, begun.setUp, codeOf(begun.secret))).toBe("200");
    expect(shortly(await giveCode(await begin(person), codeOf(secret, 1)))).toBe("422 second_factor.refused");
    expect((await person.call("GET", "/me/second-factors")).body).toMatchObject({
      recoveryCodes: { left: 10 },
    });
  });
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
    expect((await ownFactors(person)).recoveryCodes?.left).toBe(8);
    expect(await mailed(person.id)).toEqual([
      "second_factor.added",
      "second_factor.recovery_code_used",
      "second_factor.recovery_code_used",
    ]);
  });

  it("are kept as hashes only, and new ones replace all there were", async () => {
    const person = await tenant.person("member");
    const { recoveryCodes, secret } = await setUp(person);
    const dump = await query<{ all: string }>(
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
    expect((await visitor(installation, tenant.slug).signIn(person.email, testPassword)).body).toHaveProperty(
      "id",
    );
  });
});
