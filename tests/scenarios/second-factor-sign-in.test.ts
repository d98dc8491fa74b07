import { describe, expect, it } from "vitest";
import { factorKey } from "#server/features/second-factors/factor-key.ts";
import type { SignInFacts } from "#server/features/sign-in/contract.ts";
import { begunCookieName } from "#server/features/sign-in/session-cookie.ts";
import { shortly } from "#tests/support/at-once.ts";
import { codeOf, factorDesk, giveCode, giveRecovery, setUpNow } from "#tests/support/factor-desk.ts";
import { testPassword, testTenant } from "#tests/support/tenant.ts";
import { type Visitor, visitor } from "#tests/support/visitor.ts";

const { installation, tenant, query, setUp, begin, actions, mailed, factsOf } = factorDesk();

describe("signing in with an authenticator app", () => {
  it("asks for a code after the right password, and only then says that there is one", async () => {
    const person = await tenant.person("member");
    const { secret } = await setUp(person);
    const stranger = visitor(installation, tenant.slug);
    expect(shortly(await stranger.signIn(person.email, "a wrong password"))).toBe("401 sign_in.refused");
    const browser = await begin(person);
    const answer = await giveCode(browser, codeOf(secret));
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
      expect(shortly(await giveCode(browser, wrong))).toBe("422 second_factor.refused");
    expect((await giveCode(browser, ` ${code.slice(0, 3)} ${code.slice(3)} `)).status).toBe(200);
  });

  it("takes no code twice: neither that of the set-up, nor another browser's, nor two at once", async () => {
    const person = await tenant.person("member");
    const { secret, code: first } = await setUpNow(person);
    expect(shortly(await giveCode(await begin(person), first))).toBe("422 second_factor.refused");
    const browsers = [await begin(person), await begin(person), await begin(person)];
    const code = codeOf(secret, 1);
    const answers = await Promise.all(browsers.map((browser) => giveCode(browser, code)));
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
    const elsewhere = visitor(installation, tenant.slug);
    expect(shortly(await giveCode(elsewhere, codeOf(secret)))).toBe("401 sign_in.begin_again");
    expect((await browser.call("GET", "/session/second-factor")).body).toEqual({
      ways: ["authenticator", "recovery_code"],
      setsPassword: false,
    });
    expect((await giveCode(browser, codeOf(secret))).status).toBe(200);
    expect(shortly(await giveCode(browser, codeOf(secret, 1)))).toBe("401 sign_in.begin_again");
  });

  it("is over after ten minutes, and when the password, the status or all sessions changed meanwhile", async () => {
    const person = await tenant.person("member");
    const { secret } = await setUp(person);
    const changes = [
      () => query("update begun_sign_ins set expires_at = now()"),
      () => tenant.owner.call("DELETE", `/users/${person.id}/sessions`),
      () => query("update credentials set changed_at = now() where user_id = $1", [person.id]),
      () => query("update users set status = 'suspended' where id = $1", [person.id]),
    ];
    for (const change of changes) {
      const browser = await begin(person);
      await change();
      expect(shortly(await browser.call("GET", "/session/second-factor"))).toBe("401 sign_in.begin_again");
      expect(shortly(await giveCode(browser, codeOf(secret)))).toBe("401 sign_in.begin_again");
    }
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
    const there = await testTenant(installation);
    const twin = await there.person("member");
    await setUp(twin);
    const browser = await begin(person);
    const { config } = installation.instance;
    const [here, elsewhere] = [begunCookieName(tenant.slug, config), begunCookieName(there.slug, config)];
    const begun = (
      await installation.http.inject({
        method: "POST",
        url: `/api/v1/t/${tenant.slug}/session`,
        payload: { email: person.email, password: testPassword },
      })
    ).cookies.find(({ name }) => name === here);
    const carried = await installation.http.inject({
      url: `/api/v1/t/${there.slug}/session/second-factor`,
      headers: { cookie: `${elsewhere}=${begun?.value}` },
    });
    expect(carried.statusCode).toBe(401);
    expect(shortly(await giveCode(await begin(twin, testPassword, there.slug), codeOf(secret)))).toBe(
      "422 second_factor.refused",
    );
    expect((await giveCode(browser, codeOf(secret))).status).toBe(200);
  });

  it("asks for a temporary password to be changed after the code, not before", async () => {
    const person = await tenant.person("member");
    const { secret } = await setUp(person);
    await query("update credentials set temporary = true where user_id = $1", [person.id]);
    const browser = await begin(person);
    expect((await giveCode(browser, codeOf(secret))).body).toMatchObject({ mustChangePassword: true });
    expect(shortly(await browser.call("GET", "/me/sessions"))).toBe("403 password.must_change");
  });
});

describe("whoever guesses", () => {
  it("locks out whoever guesses, in whatever browser, until an administrator lifts it", async () => {
    const person = await tenant.person("member");
    const { secret } = await setUp(person);
    const browser = await begin(person);
    for (let n = 0; n < 10; n++) await giveCode(n < 5 ? browser : await begin(person), codeOf(secret, 5));
    const other = await begin(person);
    expect(shortly(await giveCode(other, codeOf(secret)))).toBe("429 throttled");
    // Their owner is told, once: somebody knows the password.
    expect((await mailed(person.id)).filter((kind) => kind === "second_factor.locked_out")).toHaveLength(1);
    const path = `/users/${person.id}`;
    const { lockedUntil } = (await tenant.owner.call<SignInFacts>("GET", `${path}/sign-in`)).body;
    expect(Date.parse(lockedUntil ?? "")).toBeGreaterThan(Date.now());
    expect((await tenant.owner.call("POST", `${path}/lift-lockout`)).status).toBe(204);
    expect((await giveCode(other, codeOf(secret))).status).toBe(200);
  });

  it("keeps nobody from their recovery codes by wrong codes, and counts those from nought with a new password", async () => {
    const person = await tenant.person("member");
    const { secret, recoveryCodes } = await setUp(person);
    const browser = await begin(person);
    for (let n = 0; n < 10; n++) await giveCode(browser, codeOf(secret, 5));
    expect(shortly(await giveCode(browser, codeOf(secret)))).toBe("429 throttled");
    expect((await giveRecovery(browser, recoveryCodes[0] ?? "")).status).toBe(200);
    const next = { currentPassword: testPassword, newPassword: "seven yellow bicycles" };
    expect((await browser.call("POST", "/me/password", next)).status).toBe(200);
    const again = visitor(installation, tenant.slug);
    await again.signIn(person.email, next.newPassword);
    expect((await giveCode(again, codeOf(secret))).status).toBe(200);
  });

  it("tells of the third wrong code, however far apart, and takes none after thirty until something else fits", async () => {
    const person = await tenant.person("member");
    const { secret, recoveryCodes } = await setUp(person);
    const browser = await begin(person);
    const notices = async () =>
      (await mailed(person.id)).filter((kind) => kind === "second_factor.wrong_codes").length;
    const wrong = async () => {
      expect(shortly(await giveCode(browser, codeOf(secret, 5)))).toBe("422 second_factor.refused");
      // Each in a quarter of an hour of its own.
      await installation.instance.throttle.forget(factorKey(tenant.id, person.id, "authenticator"));
    };
    for (let n = 0; n < 2; n++) await wrong();
    expect(await notices()).toBe(0);
    await wrong();
    expect(await notices()).toBe(1);
    await query("update authenticators set wrong_codes = 29 where user_id = $1", [person.id]);
    await wrong();
    expect(await mailed(person.id)).toContain("second_factor.locked_out");
    expect(shortly(await giveCode(browser, codeOf(secret)))).toBe("409 second_factor.codes_refused");
    const path = `/users/${person.id}`;
    expect(await factsOf(person)).toMatchObject({ codesRefused: true });
    expect((await giveRecovery(browser, recoveryCodes[0] ?? "")).status).toBe(200);
    expect(await factsOf(person)).toMatchObject({ codesRefused: false });
    await query("update authenticators set wrong_codes = 30 where user_id = $1", [person.id]);
    expect((await tenant.owner.call("POST", `${path}/lift-lockout`)).status).toBe(204);
    expect((await giveCode(await begin(person), codeOf(secret))).status).toBe(200);
  });
});
