import { describe, expect, it, test } from "vitest";
import { messageKinds } from "#server/app.ts";
import { mailJobs } from "#server/features/mail/jobs.ts";
import type { Message } from "#server/features/messages/contract.ts";
import type { User } from "#server/features/users/contract.ts";
import { shortly } from "#tests/support/at-once.ts";
import { addPasskey, factorDesk, ownFactors } from "#tests/support/factor-desk.ts";
import { unhurriedTiming } from "#tests/support/mail.ts";
import { type TestPerson, testPassword } from "#tests/support/tenant.ts";
import { visitor } from "#tests/support/visitor.ts";

const { installation, tenant, query, setUp, begin, actions, mailed, demand, letTimePass, factsOf } =
  factorDesk();

describe("where the tenant requires one", () => {
  it("whoever has none sets one up and can do nothing else until then, the last owner too", async () => {
    await demand("administrators");
    const member = await tenant.person("member");
    expect((await member.call("GET", "/me/sessions")).status).toBe(200);
    expect((await member.call("GET", "/me")).body).toMatchObject({ mustSetUpSecondFactor: false });
    for (const person of [tenant.owner, await tenant.person("administrator")]) {
      expect(shortly(await person.call("GET", "/users"))).toBe("403 second_factor.must_set_up");
      expect(shortly(await person.call("GET", "/me/sessions"))).toBe("403 second_factor.must_set_up");
      const signedIn = await visitor(installation, tenant.slug).signIn(person.email, testPassword);
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
  const removePasskeys = async (person: TestPerson) => {
    for (const { id } of (await ownFactors(person)).passkeys)
      expect((await person.call("DELETE", `/me/passkeys/${id}`)).status).toBe(204);
  };

  it("sees what somebody has and removes it, which ends their sessions and is told", async () => {
    const person = await tenant.person("administrator");
    await setUp(person);
    expect(await factsOf(person)).toEqual({
      authenticatorSetUpAt: expect.any(String),
      passkeys: 0,
      recoveryCodesLeft: 10,
      required: false,
      codesRefused: false,
    });
    const browser = await begin(person);
    expect((await tenant.owner.call("DELETE", `/users/${person.id}/second-factors`)).status).toBe(204);
    expect(await factsOf(person)).toMatchObject({ authenticatorSetUpAt: null, recoveryCodesLeft: 0 });
    expect(shortly(await person.call("GET", "/me"))).toBe("401 session.required");
    expect(shortly(await browser.call("GET", "/session/second-factor"))).toBe("401 sign_in.begin_again");
    expect(await actions(person.id)).toEqual(
      expect.arrayContaining(["second_factor.reset", "session.revoked"]),
    );
    expect(await mailed(person.id)).toEqual(["second_factor.added", "second_factor.removed"]);
    expect((await visitor(installation, tenant.slug).signIn(person.email, testPassword)).body).toHaveProperty(
      "id",
    );
  });

  it("finds in the list who has one and who has none, after every change of it", async () => {
    const person = await tenant.person("administrator");
    const found = async (secondFactor: string) => {
      const query = `secondFactor=${secondFactor}&role=administrator`;
      const { body } = await tenant.owner.call<{ items: User[] }>("GET", `/users?${query}`);
      const counts = await tenant.owner.call<{ all: number }>("GET", `/users/counts?${query}`);
      expect(counts.body.all).toBe(body.items.length);
      for (const user of body.items) expect(user.hasSecondFactor).toBe(secondFactor === "set_up");
      return body.items.map(({ id }) => id);
    };
    const steps: [what: () => Promise<unknown>, has: boolean][] = [
      [async () => undefined, false],
      [() => setUp(person), true],
      [() => setUp(person), true],
      [() => addPasskey(person, "Key"), true],
      [() => person.call("DELETE", "/me/authenticator"), true],
      [() => removePasskeys(person), false],
      [() => person.call("POST", "/me/recovery-codes"), false],
      [() => addPasskey(person, "Another"), true],
      [() => tenant.owner.call("DELETE", `/users/${person.id}/second-factors`), false],
    ];
    for (const [step, has] of steps) {
      await step();
      expect([await found("set_up"), await found("none")], String(step)).toEqual(
        has ? [[person.id], []] : [[], [person.id]],
      );
    }
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
    expect(shortly(await settings({ passkeySignIn: true }))).toBe("403 session.confirm_first");
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
    await query("update audit_events set at = at - interval '73 hours' where target_id = $1", [person.id]);
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
  const send = () => deliver?.run({ tenantId: tenant.id }, installation.services);
  const { version } = (await tenant.owner.call<{ version: number }>("GET", "/settings")).body;
  await tenant.owner.call("PATCH", "/settings", { mailsPerAddress: 1, version });
  await setUp(person);
  await send();
  await setUp(person);
  const [{ id, canWithdraw } = { id: "" }] = await notices();
  expect(canWithdraw).toBe(false);
  expect(shortly(await tenant.owner.call("POST", `/messages/${id}/withdraw`))).toBe("409 message.sent_once");
  expect((await tenant.owner.call("POST", `${path}/credentials/resend`)).status).toBe(200);
  await query("update users set mail_failed_at = now() where id = $1", [person.id]);
  expect((await tenant.owner.call("POST", `${path}/suspend`)).status).toBe(200);
  await send();
  expect((await notices()).map(({ state, canResend }) => ({ state, canResend }))).toEqual([
    { state: "kept", canResend: false },
    { state: "kept", canResend: false },
  ]);
});

test("the notices say what happened in each language", async () => {
  const deliver = mailJobs(messageKinds, unhurriedTiming).find(({ name }) => name === "mail.deliver_first");
  const subjects = async (person: TestPerson) => {
    await deliver?.run({ tenantId: tenant.id }, installation.services);
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
