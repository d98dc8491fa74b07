import { expect, test } from "vitest";
import { ownMailServer } from "#tests/support/own-mail-server.ts";
import type { TestEmailAnswer } from "../contract.ts";

/** Sending by a tenant's own mail server. */
const { common, own, installation, tenant, other, current, server, put, invite, arrived, messageTo } =
  ownMailServer();

test("sends in the tenant's name; others go by the installation's, as does the tenant when it is removed", async () => {
  expect(await current()).toMatchObject({
    server: null,
    revision: null,
    installation: { fromAddress: "muster@installation.example", sends: true },
  });
  expect((await put(server())).status).toBe(200);
  const mail = await arrived(own, await invite(tenant));
  expect(mail?.from?.value).toEqual([{ name: `Tenant ${tenant.slug}`, address: "people@northwind.example" }]);
  // It may speak for its own addresses only.
  expect(mail?.envelopeFrom).toBe("people@northwind.example");

  const others = await arrived(common, await invite(other));
  expect(others?.from?.value[0]?.address).toBe("muster@installation.example");
  expect(others?.envelopeFrom).toMatch(/^bounces\+/);

  expect((await put(null)).body.server).toBeNull();
  await arrived(common, await invite(tenant));
});

test("keeps its password to itself", async () => {
  const saved = await put(server());
  const { password: _, ...shown } = server() as ReturnType<typeof server> & { password: string };
  expect(saved.body.server).toEqual({ ...shown, bounceAddress: "", passwordSet: true });
  const rows = await installation.database.query<{ kept: string }>(
    `select s::text || encode(s.sealed_password, 'escape') as kept from mail_servers s where tenant_id = $1
     union all select e::text from audit_events e where tenant_id = $1
     union all select p::text from audit_personal p where tenant_id = $1`,
    [tenant.id],
  );
  expect(rows.length).toBeGreaterThan(1);
  for (const { kept } of rows) expect(kept).not.toContain("a secret of ours");
  const events = await tenant.owner.call<{ items: { action: string; fields: string[] }[] }>("GET", "/audit");
  const event = events.body.items.find(({ action }) => action === "tenant.mail_server_changed");
  const fields = ["bounceAddress", "fromAddress", "host", "password", "port", "security", "user"];
  expect(event?.fields.sort()).toEqual(fields);
});

test("a password that is kept goes nowhere but where it was typed for", async () => {
  await put(server());
  const { password: _, ...kept } = server() as ReturnType<typeof server> & { password: string };
  expect((await put({ ...kept, fromAddress: "other@northwind.example" })).status).toBe(200);
  for (const elsewhere of [{ host: "localhost" }, { port: 2525 }, { user: "root" }, { security: "tls" }]) {
    const refused = await put({ ...kept, ...elsewhere });
    expect(refused).toMatchObject({ status: 422, body: { code: "mail_server.password_missing" } });
    expect(refused.body.fields["server.password"]).toContain("again");
    const tried = await tenant.owner.call("POST", "/mail-server/test", {
      server: { ...kept, ...elsewhere },
    });
    expect(tried.status).toBe(422);
  }
  expect((await put({ ...kept, user: "" })).body.server).toMatchObject({ user: "", passwordSet: false });
});

test("of two changes at once the second is told", async () => {
  const { revision } = (await put(server())).body;
  await put(server({ port: 2525 }));
  const late = await tenant.owner.call("PUT", "/mail-server", { server: null, revision });
  expect(late).toMatchObject({ status: 409, body: { code: "changed_meanwhile" } });
});

test("that refuses logins holds up its tenant's emails alone, and they go once it is mended", async () => {
  own.onLogin = (_user, password) =>
    password === "the right one" ? "accept" : { code: 535, words: "5.7.8 no such login" };
  await put(server());
  const email = await invite(tenant);
  await expect.poll(() => messageTo(email), { timeout: 10_000 }).toMatchObject({ state: "deferred" });
  expect((await messageTo(email))?.last_reply).toContain("5.7.8 no such login");
  await arrived(common, await invite(other));
  await put(server({ password: "the right one" }));
  await arrived(own, email);
});

test("is waited for less long than the installation's, which its tenant has not chosen", async () => {
  own.onRecipient = () => "hang";
  await put(server());
  const email = await invite(tenant);
  await expect.poll(() => messageTo(email), { timeout: 10_000 }).toMatchObject({ state: "deferred" });
  expect((await messageTo(email))?.last_reply).toContain("did not answer in time");
});

test("is not connected to where its name leads inside, whatever was saved", async () => {
  await put(server({ host: "localhost" }));
  installation.instance.config.mailTenantServers = "public";
  const email = await invite(tenant);
  await expect.poll(() => messageTo(email), { timeout: 10_000 }).toMatchObject({ state: "deferred" });
  expect((await messageTo(email))?.last_reply).toContain("not on the internet");
  expect(own.mails.find(({ recipient }) => recipient === email)).toBeUndefined();
});

test.each(["127.0.0.1", "localhost", "::ffff:127.0.0.1"])(
  "the installation's own takes nothing in another name because it trusts Muster: as %s it is not connected to without a login",
  async (host) => {
    const port = Number(new URL(common.url).port);
    const chosen = server({ host, port, user: "", fromAddress: "chief@elsewhere.example" });
    await put(chosen);
    const email = await invite(tenant);
    await expect.poll(() => messageTo(email), { timeout: 10_000 }).toMatchObject({ state: "deferred" });
    expect((await messageTo(email))?.last_reply).toContain("the installation's own mail server");
    const tried = await tenant.owner.call<TestEmailAnswer>("POST", "/mail-server/test", { server: chosen });
    expect(tried.body).toMatchObject({ accepted: false, steps: [{ step: "connect", ok: false }] });
    expect(common.mails.map(({ envelopeFrom }) => envelopeFrom)).not.toContain("chief@elsewhere.example");
  },
);
