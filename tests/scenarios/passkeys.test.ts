import { expect, it } from "vitest";
import { endSessionsOf } from "#server/features/sign-in/end-sessions.ts";
import { shortly } from "#tests/support/at-once.ts";
import {
  addPasskey,
  askPasskey,
  beginPasskey,
  factorDesk,
  givePasskey,
  here,
  ownFactors,
  type SoftPasskey,
} from "#tests/support/factor-desk.ts";
import { softPasskey } from "#tests/support/soft-passkey.ts";
import { type TestPerson, testPassword } from "#tests/support/tenant.ts";
import { until } from "#tests/support/until.ts";
import { visitor } from "#tests/support/visitor.ts";

const { installation, tenant, query, begin, somebodyWaits, demand, letTimePass, factsOf } = factorDesk();

it("signs in after the password with any of several passkeys, each known by name and use", async () => {
  const person = await tenant.person("member");
  const key = await addPasskey(person, "Blue key");
  const phone = await addPasskey(person, "Phone");
  // Recovery codes come with the first factor only.
  expect([key.recoveryCodes.length, phone.recoveryCodes.length]).toEqual([10, 0]);
  expect((await beginPasskey(person)).options.excludeCredentials.map(({ id }) => id)).toEqual([
    key.passkey.id,
    phone.passkey.id,
  ]);
  const browser = await begin(person);
  const { challenge, allowCredentials } = await askPasskey(browser);
  expect(allowCredentials).toHaveLength(2);
  expect((await givePasskey(browser, phone.passkey.get({ ...here, challenge }, 2))).body).toMatchObject({
    id: person.id,
  });
  expect((await browser.call("GET", "/me")).status).toBe(200);
  expect((await ownFactors(person)).passkeys).toMatchObject([
    { name: "Blue key", lastUsedAt: null },
    { name: "Phone", lastUsedAt: expect.any(String) },
  ]);
});

it("refuses what was signed for another challenge, another place, by another passkey, or twice", async () => {
  const [person, other] = [await tenant.person("member"), await tenant.person("member")];
  const { passkey } = await addPasskey(person, "Key");
  const theirs = await addPasskey(other, "Theirs");
  const browser = await begin(person);
  const refused = async (answer: ReturnType<SoftPasskey["get"]>) =>
    expect(shortly(await givePasskey(browser, answer))).toBe("422 second_factor.refused");
  // Not asked yet: there is nothing to sign.
  await refused(passkey.get({ ...here, challenge: "AAAA" }, 2));
  await askPasskey(browser);
  await refused(passkey.get({ ...here, challenge: "AAAA" }, 2));
  const phished = { rpId: "evil.example", origin: "https://evil.example" };
  for (const place of [phished, { ...here, origin: phished.origin }, { ...here, rpId: phished.rpId }])
    await refused(passkey.get({ ...place, challenge: (await askPasskey(browser)).challenge }, 2));
  await refused(theirs.passkey.get({ ...here, challenge: (await askPasskey(browser)).challenge }, 2));
  // A refused try has used the challenge up.
  const { challenge } = await askPasskey(browser);
  await refused(softPasskey().get({ ...here, challenge }, 2));
  await refused(passkey.get({ ...here, challenge }, 2));
  const good = passkey.get({ ...here, challenge: (await askPasskey(browser)).challenge }, 2);
  expect((await givePasskey(browser, good)).status).toBe(200);
  const second = await begin(person);
  await askPasskey(second);
  expect(shortly(await givePasskey(second, good))).toBe("422 second_factor.refused");
});

it("refuses a copy of a passkey that counts: the count went back", async () => {
  const person = await tenant.person("member");
  const { passkey } = await addPasskey(person, "Key");
  const signInWith = async (count: number) => {
    const browser = await begin(person);
    const { challenge } = await askPasskey(browser);
    return shortly(await givePasskey(browser, passkey.get({ ...here, challenge }, count)));
  };
  expect(await signInWith(7)).toBe("200");
  expect(await signInWith(7)).toBe("422 second_factor.refused");
  expect(await signInWith(8)).toBe("200");
});

it("takes no passkey that was made for another place or attempt, nor the same one twice", async () => {
  const [person, other] = [await tenant.person("member"), await tenant.person("member")];
  const { passkey } = await addPasskey(person, "Key");
  const { options, setUp } = await beginPasskey(person);
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
  expect((await ownFactors(person)).passkeys).toHaveLength(1);
});

it("is renamed and removed by its owner only; the last factor takes the recovery codes with it", async () => {
  const [person, other] = [await tenant.person("member"), await tenant.person("member")];
  const { passkey } = await addPasskey(person, "Key");
  const [{ id } = { id: "" }] = (await ownFactors(person)).passkeys;
  const path = `/me/passkeys/${id}`;
  expect(shortly(await other.call("PATCH", path, { name: "Mine" }))).toBe("404 not_found");
  expect(shortly(await other.call("DELETE", path))).toBe("404 not_found");
  expect((await person.call("PATCH", path, { name: " Green key " })).status).toBe(204);
  expect((await ownFactors(person)).passkeys).toMatchObject([{ name: "Green key" }]);
  await letTimePass();
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
  expect(await ownFactors(person)).toMatchObject({ passkeys: [], recoveryCodes: null });
  const events = await query<{ action: string }>(
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
  const elsewhere = visitor(installation, tenant.slug);
  await elsewhere.signIn(person.email, testPassword);
  const { passkey } = await addPasskey(person, "Key");
  expect(shortly(await elsewhere.call("GET", "/me"))).toBe("401 session.required");
  const { options, setUp } = await beginPasskey(person);
  const another = softPasskey().create({ ...here, challenge: options.challenge });
  const send = () => person.call("POST", "/me/passkeys", { setUp, name: "Another", passkey: another });
  expect((await send()).status).toBe(200);
  const [, { id } = { id: "" }] = (await ownFactors(person)).passkeys;
  expect((await person.call("DELETE", `/me/passkeys/${id}`)).status).toBe(204);
  expect(shortly(await send())).toBe("410 second_factor.set_up_expired");
  const late = await beginPasskey(person);
  const made = softPasskey().create({ ...here, challenge: late.options.challenge });
  const { asked } = await tenant.run(async (ctx) => {
    await endSessionsOf(ctx, person.id);
    const request = person.call("POST", "/me/passkeys", { setUp: late.setUp, name: "Late", passkey: made });
    await until(somebodyWaits, "the request waits for its person");
    return { asked: request };
  });
  expect(shortly(await asked)).toBe("401 session.required");
  const browser = await begin(person);
  expect((await askPasskey(browser)).allowCredentials.map((known) => known.id)).toEqual([passkey.id]);
});

it("is removed together with whoever is signed in with it", async () => {
  const person = await tenant.person("member");
  const { passkey } = await addPasskey(person, "Key");
  const thief = await begin(person);
  const { challenge } = await askPasskey(thief);
  expect((await givePasskey(thief, passkey.get({ ...here, challenge }, 2))).status).toBe(200);
  const [{ id } = { id: "" }] = (await ownFactors(person)).passkeys;
  expect((await person.call("DELETE", `/me/passkeys/${id}`)).status).toBe(204);
  expect(shortly(await thief.call("GET", "/me"))).toBe("401 session.required");
  expect((await person.call("GET", "/me")).status).toBe(200);
});

it("is what a tenant requires, is seen by an administrator, and goes when they reset", async () => {
  const person = await tenant.person("administrator");
  await demand("administrators");
  expect(shortly(await person.call("GET", "/users"))).toBe("403 second_factor.must_set_up");
  await addPasskey(person, "Key");
  await addPasskey(tenant.owner, "Key");
  expect((await person.call("GET", "/users")).status).toBe(200);
  const [{ id } = { id: "" }] = (await ownFactors(person)).passkeys;
  expect(shortly(await person.call("DELETE", `/me/passkeys/${id}`))).toBe("409 second_factor.last_required");
  expect(await factsOf(person)).toMatchObject({ passkeys: 1, recoveryCodesLeft: 10, required: true });
  expect((await tenant.owner.call("DELETE", `/users/${person.id}/second-factors`)).status).toBe(204);
  expect(await factsOf(person)).toMatchObject({ passkeys: 0, recoveryCodesLeft: 0 });
});
