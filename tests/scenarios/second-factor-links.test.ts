import { describe, expect, it } from "vitest";
import type { Context } from "#server/context.ts";
import type { LinkPurpose } from "#server/features/credentials/link-token.ts";
import { removeOwnAuthenticator } from "#server/features/second-factors/remove-factors.ts";
import { resetFactors } from "#server/features/sign-in/reset-factors.ts";
import { tidyBegunJob } from "#server/features/sign-in/tidy-begun.ts";
import { lockUser } from "#server/features/users/lock-user.ts";
import type { UserRow } from "#server/features/users/store.ts";
import { suspendUsers } from "#server/features/users/suspend-users.ts";
import { shortly } from "#tests/support/at-once.ts";
import {
  addPasskey,
  askPasskey,
  codeOf,
  factorDesk,
  giveCode,
  givePasskey,
  giveRecovery,
  here,
} from "#tests/support/factor-desk.ts";
import { makeLink } from "#tests/support/links.ts";
import { type TestPerson, testPassword } from "#tests/support/tenant.ts";
import { until } from "#tests/support/until.ts";
import { type Visitor, visitor } from "#tests/support/visitor.ts";

const { installation, tenant, query, setUp, begin, actions, mailed, somebodyWaits, demand } = factorDesk();

const [chosen, another] = ["nine purple elephants", "seven yellow bicycles"] as const;

/** Somebody who has an authenticator app, and the token of a link to set a new password. */
async function somebody(purpose: LinkPurpose = "reset") {
  const person = await tenant.person("member");
  const made = await setUp(person);
  return { person, ...made, token: await sendLink(person, purpose) };
}

const sendLink = ({ id }: TestPerson, purpose: LinkPurpose = "reset") => makeLink(tenant, id, purpose);

/** A browser in which a password was chosen by a link, and the second factor is asked for. */
async function follow(token: string, password: string = chosen): Promise<Visitor> {
  const browser = visitor(installation, tenant.slug);
  const answer = await browser.call("POST", "/links/use", { token, password });
  expect(answer.body).toHaveProperty("secondFactor.ways[0]");
  expect(browser.cookie()).toBe("");
  return browser;
}

const check = (token: string) =>
  visitor(installation, tenant.slug).call("POST", "/links/check", { token }).then(shortly);
const passwordFits = async ({ email }: TestPerson, password: string) =>
  (await visitor(installation, tenant.slug).signIn(email, password)).status === 200;
const look = (browser: Visitor) => browser.call("GET", "/session/second-factor").then(shortly);

describe("a link to set a new password, of somebody with a second factor", () => {
  it("changes nothing by itself: the old password, the sessions and the link stay, and nobody is told otherwise", async () => {
    const { person, token } = await somebody();
    const browser = await follow(token);
    expect(shortly(await browser.call("GET", "/me"))).toBe("401 session.required");
    expect((await browser.call("GET", "/session/second-factor")).body).toEqual({
      ways: ["authenticator", "recovery_code"],
      setsPassword: true,
    });
    expect((await person.call("GET", "/me")).status).toBe(200);
    expect(await passwordFits(person, testPassword)).toBe(true);
    expect(await passwordFits(person, chosen)).toBe(false);
    expect(await check(token)).toBe("200");
    expect(await mailed(person.id)).toEqual(["second_factor.added"]);
    expect(await actions(person.id)).not.toContain("password.reset_completed");
  });

  it("sets the password with the code, ends every session, and is used up", async () => {
    const { person, token, secret } = await somebody();
    const browser = await follow(token);
    expect(shortly(await giveCode(browser, codeOf(secret, 5)))).toBe("422 second_factor.refused");
    expect(await passwordFits(person, testPassword)).toBe(true);
    expect((await giveCode(browser, codeOf(secret))).body).toMatchObject({
      id: person.id,
      mustChangePassword: false,
    });
    expect((await browser.call("GET", "/me")).status).toBe(200);
    expect(shortly(await person.call("GET", "/me"))).toBe("401 session.required");
    expect(await passwordFits(person, testPassword)).toBe(false);
    expect(await passwordFits(person, chosen)).toBe(true);
    expect(await check(token)).toBe("410 link.used");
    expect((await actions(person.id)).slice(-5)).toEqual([
      "session.revoked",
      "password.reset_completed",
      "sign_in.succeeded",
      "sign_in.refused",
      "sign_in.begun",
    ]);
    expect(await mailed(person.id)).toContain("password.changed");
  });

  it("takes a recovery code or a passkey as well, and tells nobody of a password that was set first by it", async () => {
    const { person, token, recoveryCodes } = await somebody();
    expect((await giveRecovery(await follow(token), recoveryCodes[0] ?? "")).status).toBe(200);
    expect(await passwordFits(person, chosen)).toBe(true);
    const other = await tenant.person("member");
    const { passkey } = await addPasskey(other, "Key");
    await query("update credentials set temporary = true where user_id = $1", [other.id]);
    const browser = await follow(await sendLink(other, "set_password"));
    const { challenge } = await askPasskey(browser);
    expect((await givePasskey(browser, passkey.get({ ...here, challenge }, 2))).body).toMatchObject({
      mustChangePassword: false,
    });
    expect(await mailed(other.id)).toEqual(["second_factor.added"]);
    expect(await actions(other.id)).toContain("password.set");
  });

  it("sets that of the browser which is first, and leaves nothing for the others", async () => {
    const { person, token, secret } = await somebody();
    const [one, two] = [await follow(token, chosen), await follow(token, another)];
    const byPassword = await begin(person);
    const answers = await Promise.all([giveCode(one, codeOf(secret)), giveCode(two, codeOf(secret, 1))]);
    const first = answers.findIndex(({ status }) => status === 200);
    expect(answers.map(shortly).sort()).toEqual(["200", "401 sign_in.begin_again"]);
    expect(await passwordFits(person, first === 0 ? chosen : another)).toBe(true);
    expect(await passwordFits(person, first === 0 ? another : chosen)).toBe(false);
    expect(await look(byPassword)).toBe("401 sign_in.begin_again");
  });

  it("keeps no hash of a password that is of no use any more", async () => {
    const [one, other] = [await somebody(), await somebody()];
    await follow(one.token);
    await follow(other.token);
    await query("update begun_sign_ins set expires_at = now() - interval '1 second' where user_id = $1", [
      one.person.id,
    ]);
    await tidyBegunJob.run({}, installation.services);
    expect(await query("select user_id from begun_sign_ins where tenant_id = $1", [tenant.id])).toEqual([
      { user_id: other.person.id },
    ]);
  });

  it("keeps the hash sealed, for that sign-in of that person alone", async () => {
    const [{ person, token, secret }, other] = [await somebody(), await somebody()];
    const [browser] = [await follow(token), await follow(other.token, another)];
    const [{ held } = { held: "" }] = await query<{ held: string }>(
      "select string_agg(encode(sealed_hash, 'escape'), ' ') as held from begun_sign_ins where tenant_id = $1",
      [tenant.id],
    );
    expect(held).not.toContain("argon2");
    await query(
      `update begun_sign_ins b set sealed_hash = o.sealed_hash from begun_sign_ins o
        where b.user_id = $1 and o.user_id = $2`,
      [person.id, other.person.id],
    );
    expect((await giveCode(browser, codeOf(secret))).status).toBe(500);
    expect(await check(token)).toBe("200");
  });

  it("counts how often a password is chosen by it and not set: each costs a hash", async () => {
    const { person, token, secret } = await somebody();
    for (let n = 0; n < 10; n++) await follow(token);
    const browser = visitor(installation, tenant.slug);
    const use = () => browser.call("POST", "/links/use", { token, password: chosen }).then(shortly);
    expect(await use()).toBe("429 throttled");
    // Nobody is kept from signing in by it.
    expect((await giveCode(await begin(person), codeOf(secret))).status).toBe(200);
    expect((await tenant.owner.call("POST", `/users/${person.id}/lift-lockout`)).status).toBe(204);
    expect(await use()).toBe("200");
  });
});

describe("what happens between choosing the password and giving the second factor", () => {
  const changes: [what: string, change: (person: TestPerson) => Promise<unknown>, link: string][] = [
    ["ten minutes pass", () => query("update begun_sign_ins set expires_at = now()"), "200"],
    ["they sign out everywhere else", (person) => person.call("DELETE", "/me/sessions"), "200"],
    [
      "they change their password",
      (person) =>
        person.call("POST", "/me/password", { currentPassword: testPassword, newPassword: another }),
      "410 link.used",
    ],
    ["a newer link is sent", (person) => sendLink(person), "410 link.revoked"],
    [
      "their address is corrected, which withdraws the link",
      async ({ id }) => {
        const email = `elsewhere@${tenant.slug}.example`;
        const { version } = (await tenant.owner.call<{ version: number }>("GET", `/users/${id}`)).body;
        return tenant.owner.call("PATCH", `/users/${id}`, { version, email });
      },
      "410 link.revoked",
    ],
    ["they are deleted", ({ id }) => tenant.owner.call("DELETE", `/users/${id}`), "410 link.revoked"],
    ["another second factor is set up", setUp, "200"],
  ];
  it.each(changes)("%s: it is over, and no password was set", async (_what, change, link) => {
    const { person, secret, token } = await somebody();
    const browser = await follow(token);
    await change(person);
    expect(await look(browser)).toBe("401 sign_in.begin_again");
    expect(shortly(await giveCode(browser, codeOf(secret)))).toBe("401 sign_in.begin_again");
    expect(await check(token)).toBe(link);
    expect(await actions(person.id)).not.toContain("password.reset_completed");
  });

  it("an administrator removes the second factor: it is over, and the link itself is enough now", async () => {
    const { person, token, secret } = await somebody();
    const browser = await follow(token);
    expect((await tenant.owner.call("DELETE", `/users/${person.id}/second-factors`)).status).toBe(204);
    expect(shortly(await giveCode(browser, codeOf(secret)))).toBe("401 sign_in.begin_again");
    await demand("everyone");
    const answer = await browser.call("POST", "/links/use", { token, password: another });
    expect(answer.body).toMatchObject({ id: person.id, mustSetUpSecondFactor: true });
  });

  it("they remove their last one themselves: there is nothing to give, and the link is enough", async () => {
    const { person, token, secret } = await somebody();
    const browser = await follow(token);
    await tenant.run(async (ctx) => removeOwnAuthenticator(ctx, await lockUser(ctx, person.id)));
    expect(await look(browser)).toBe("401 sign_in.begin_again");
    expect(shortly(await giveCode(browser, codeOf(secret)))).toBe("422 second_factor.refused");
    expect(await passwordFits(person, testPassword)).toBe(true);
    const answer = await browser.call("POST", "/links/use", { token, password: another });
    expect(answer.body).toMatchObject({ id: person.id });
  });

  it("the link runs out: it was good when it was followed, and the ten minutes are their own", async () => {
    const { person, token, secret } = await somebody();
    const browser = await follow(token);
    await query("update links set expires_at = now() where user_id = $1", [person.id]);
    expect(await check(token)).toBe("410 link.expired");
    expect((await giveCode(browser, codeOf(secret))).status).toBe(200);
    expect(await passwordFits(person, chosen)).toBe(true);
  });

  it("a second factor is set up while the password is being hashed: it is asked for", async () => {
    const person = await tenant.person("member");
    const token = await sendLink(person);
    const browser = visitor(installation, tenant.slug);
    const { asked } = await tenant.run(async (ctx) => {
      await lockUser(ctx, person.id);
      const request = browser.call("POST", "/links/use", { token, password: chosen });
      await until(somebodyWaits, "the link waits for its person");
      await ctx.tx.run(
        "insert into authenticators (tenant_id, user_id, sealed_secret, set_up_at, last_step) values ($1, $2, 'x', $3, 0)",
        [ctx.tenantId, person.id, ctx.now],
      );
      return { asked: request };
    });
    expect((await asked).body).toMatchObject({ secondFactor: { ways: ["authenticator"] } });
    expect(await actions(person.id)).not.toContain("password.reset_completed");
  });

  const momentary: [what: string, change: (ctx: Context, user: UserRow) => Promise<unknown>][] = [
    ["their second factors are removed", (ctx, { id }) => resetFactors(ctx, id)],
    ["they are suspended", (ctx, user) => suspendUsers(ctx, [user])],
  ];
  it.each(momentary)("%s at the very moment the code is given: it is over", async (_what, change) => {
    const { person, token, secret } = await somebody();
    const browser = await follow(token);
    const { asked } = await tenant.run(async (ctx) => {
      const user = await lockUser(ctx, person.id);
      const request = giveCode(browser, codeOf(secret));
      await until(somebodyWaits, "the code waits for its person");
      await change(ctx, user);
      return { asked: request };
    });
    expect(shortly(await asked)).toBe("401 sign_in.begin_again");
    expect(await actions(person.id)).not.toContain("password.reset_completed");
  });
});
