import { afterAll, beforeAll, expect, it } from "vitest";
import { linkToken } from "#server/features/credentials/link-token.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { invitationToken } from "#tests/support/links.ts";
import { invitePeople } from "#tests/support/people.ts";
import { type TestTenant, testTenant } from "#tests/support/tenant.ts";
import { visitor } from "#tests/support/visitor.ts";

let muster: TestInstallation;
let tenant: TestTenant;

beforeAll(async () => {
  muster = await testInstallation({ LOG_LEVEL: "silent" });
  tenant = await testTenant(muster);
});
afterAll(() => muster.close());

const sql = (text: string, values: unknown[]) => muster.database.query<Record<string, unknown>>(text, values);
const expire = (id: string) => sql("update links set expires_at = now() where user_id = $1", [id]);

async function expired() {
  const [id = ""] = await invitePeople(tenant, [{ first: "Eva", last: "Late" }]);
  const token = await invitationToken(tenant, id);
  await sql(
    "update messages set state = 'accepted', finished_at = now() - interval '8 days' where user_id = $1",
    [id],
  );
  await expire(id);
  return { id, token };
}

/** Each visitor from an address of their own. */
let addresses = 0;
const renew = (token: string, ip = `192.0.2.${++addresses}`) =>
  visitor(muster, tenant.slug, { ip }).call("POST", "/links/renew", { token });
const waiting = async (id: string) =>
  (await sql("select kind from messages where user_id = $1 and state = 'queued'", [id])).map(
    ({ kind }) => kind,
  );

it("sends one new invitation, before everything that is queued, and the old link is an older one then", async () => {
  const { id, token } = await expired();
  const person = visitor(muster, tenant.slug);
  expect((await person.call("POST", "/links/check", { token })).body).toMatchObject({ code: "link.expired" });
  expect(await waiting(id)).toEqual([]);
  const answers = await Promise.all([renew(token), renew(token), renew(token)]);
  for (const answer of [...answers, await renew(token)])
    expect(answer).toMatchObject({ status: 202, body: { mailKept: true } });
  expect(await waiting(id)).toEqual(["user.invited"]);
  const [message] = await sql(
    "select extract(epoch from due_at)::int as due from messages where user_id = $1 and state = 'queued'",
    [id],
  );
  expect(message).toEqual({ due: 0 });
  expect((await person.call("POST", "/links/check", { token })).body).toMatchObject({ code: "link.revoked" });
  const fresh = await invitationToken(tenant, id);
  expect((await person.call("POST", "/links/check", { token: fresh })).status).toBe(200);
  expect(
    await sql(
      "select actor_kind, actor_id from audit_events where target_id = $1 and action = 'invitation.renewed'",
      [id],
    ),
  ).toEqual([{ actor_kind: "user", actor_id: id }]);
});

it("answers the same and sends nothing to whom it is not for", async () => {
  const change = (users: string) => async (id: string) =>
    void (await sql(`update users set ${users} where id = $1`, [id]));
  const call = (method: "POST" | "DELETE", path: string) => async (id: string) => {
    expect((await tenant.owner.call(method, `/users/${id}${path}`)).status).toBeLessThan(300);
    await sql(
      "update messages set state = 'accepted', finished_at = now() where user_id = $1 and state = 'queued'",
      [id],
    );
  };
  const ways: Record<string, (id: string) => Promise<void>> = {
    accepted: change("status = 'active'"),
    used: async (id) => void (await sql("update links set used_at = now() where user_id = $1", [id])),
    revoked: async (id) => void (await sql("update links set revoked_at = now() where user_id = $1", [id])),
    suspended: call("POST", "/suspend"),
    deleted: call("DELETE", ""),
    replaced: call("POST", "/invitation/resend"),
    "not to be mailed": change("mail_failed_at = now()"),
    open: async (id) =>
      void (await sql("update links set expires_at = now() + interval '1 hour' where user_id = $1", [id])),
  };
  const made: { why: string; id: string; token: string }[] = [];
  for (const [why, make] of Object.entries(ways)) {
    const { id, token } = await expired();
    await make(id);
    if (why === "replaced") await expire(id);
    made.push({ why, id, token });
  }
  const answers = await Promise.all(made.map(({ token }) => renew(token)));
  for (const answer of answers) expect(answer).toMatchObject({ status: 202, body: { mailKept: true } });
  for (const { why, id } of made) expect(await waiting(id), why).toEqual([]);
});

it("takes no link that is made up, for something else, or of another tenant", async () => {
  const { id, token } = await expired();
  const elsewhere = await testTenant(muster);
  const identity = { tenantId: elsewhere.id, userId: id, purpose: "invitation", generation: 1 } as const;
  const foreign = linkToken(muster.instance.secrets, identity);
  const answers = [
    token.replace(/.$/, (last) => (last === "A" ? "B" : "A")),
    foreign,
    "invitation",
    "x".repeat(300),
  ].map((no) => renew(no));
  for (const answer of await Promise.all(answers))
    expect(answer).toMatchObject({ status: 202, body: { mailKept: true } });
  expect(await waiting(id)).toEqual([]);
});

it("is off where the tenant has switched it off, and its page says so", async () => {
  const { id, token } = await expired();
  const turn = async (renewInvitations: boolean) => {
    await switched(renewInvitations);
    const portal = await visitor(muster, tenant.slug).call("GET", "/portal");
    expect(portal.body).toMatchObject({ renewInvitations });
  };
  await turn(false);
  expect(await renew(token)).toMatchObject({ status: 202, body: { mailKept: true } });
  expect(await waiting(id)).toEqual([]);
  await turn(true);
  await renew(token);
  expect(await waiting(id)).toEqual(["user.invited"]);
});

/** "Forgotten your password?", by whoever has never had one. */
const forget = async (id: string) => {
  const [user] = await sql("select email from users where id = $1", [id]);
  return forgetAt(user?.email);
};
const forgetAt = (email: unknown) =>
  visitor(muster, tenant.slug, { ip: `192.0.2.${++addresses}` }).call("POST", "/password-resets", { email });
const switched = async (renewInvitations: boolean) => {
  const { body } = await tenant.owner.call<{ version: number }>("GET", "/settings");
  await tenant.owner.call("PATCH", "/settings", { version: body.version, renewInvitations });
};

it("is sent to whoever asks for a new password instead, once, with the answer that anybody gets", async () => {
  const { id, token } = await expired();
  const answers = [...(await Promise.all([forget(id), forget(id)])), await forget(id)];
  const nobody = await forgetAt("nobody@people.example");
  for (const answer of answers) expect(answer).toMatchObject({ status: nobody.status, body: nobody.body });
  expect(nobody).toMatchObject({ status: 202, body: { mailKept: true } });
  expect(await waiting(id)).toEqual(["user.invited"]);
  const person = visitor(muster, tenant.slug);
  expect((await person.call("POST", "/links/check", { token })).body).toMatchObject({ code: "link.revoked" });
  const fresh = await invitationToken(tenant, id);
  expect((await person.call("POST", "/links/check", { token: fresh })).status).toBe(200);
  // Who typed the address is not known.
  expect(
    await sql("select actor_kind from audit_events where target_id = $1 and action = 'invitation.renewed'", [
      id,
    ]),
  ).toEqual([{ actor_kind: "anonymous" }]);
});

it("is not sent so where it was revoked, is held back, the address does not work, or the tenant wants none", async () => {
  const made = async (change: string) => {
    const { id } = await expired();
    await sql(change, [id]);
    await forget(id);
    return waiting(id);
  };
  const changes = [
    "update links set revoked_at = now() where user_id = $1",
    "update users set mail_failed_at = now() where id = $1",
    "update messages set state = 'held' where user_id = $1",
  ];
  expect(await Promise.all(changes.map(made))).toEqual([[], [], []]);
  await switched(false);
  const untouched = await made("select $1::uuid");
  await switched(true);
  expect(untouched).toEqual([]);
});

it("is asked for so often and no more, by one link and by one address", async () => {
  const { token } = await expired();
  const oneLink = await Promise.all(Array.from({ length: 12 }, () => renew(token)));
  expect(oneLink.filter(({ status }) => status === 429)).toHaveLength(2);
  const oneAddress = await Promise.all(
    Array.from({ length: 102 }, (_, n) => renew(`invitation.${n}`, "198.51.100.7")),
  );
  expect(oneAddress.filter(({ status }) => status === 429)).toHaveLength(2);
});
