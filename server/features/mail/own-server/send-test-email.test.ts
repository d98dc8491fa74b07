import { expect, test } from "vitest";
import { ownMailServer } from "#tests/support/own-mail-server.ts";
import type { TestEmailAnswer } from "../contract.ts";

/** A test email. */
const { common, own, installation, tenant, other, current, server, put } = ownMailServer();

const send = (chosen: object | null, of = tenant) =>
  of.owner.call<TestEmailAnswer>("POST", "/mail-server/test", { server: chosen });

test("goes to whoever asks for it, by a server that is not saved yet", async () => {
  const { body } = await send(server());
  expect(body).toMatchObject({ to: tenant.owner.email, accepted: true });
  expect(body.steps.map(({ step }) => step)).toEqual(["connect", "secure", "login", "send"]);
  const mail = own.mails.find(({ recipient }) => recipient === tenant.owner.email);
  expect(mail?.from?.value[0]?.address).toBe("people@northwind.example");
  expect(mail?.subject).toBe(`Test email from Tenant ${tenant.slug}`);
  expect((await current()).server).toBeNull();
});

test("by the installation's server, of which it tells no more than that it works", async () => {
  const { body } = await send(null);
  expect(body.accepted).toBe(true);
  expect(body.steps.map(({ words }) => words)).toEqual([
    "Connected.",
    "Not encrypted.",
    "No login: none is set.",
    expect.stringMatching(/^The server took the email: 250 /),
  ]);
  expect(common.mails.some(({ recipient }) => recipient === tenant.owner.email)).toBe(true);
});

test("by the installation's server, or that it does not", async () => {
  await common.stop();
  const { body } = await send(null);
  await common.start();
  expect(body).toEqual({
    to: tenant.owner.email,
    accepted: false,
    steps: [
      {
        step: "connect",
        ok: false,
        words: "The mail server cannot be reached.",
        advice: "Tell whoever runs Muster: its log says what was wrong.",
      },
    ],
  });
});

test("with the password that is kept", async () => {
  own.onLogin = (_user, password) =>
    password === "a secret of ours" ? "accept" : { code: 535, words: "5.7.8 no such login" };
  await put(server());
  const { password: _, ...kept } = server() as ReturnType<typeof server> & { password: string };
  expect((await send(kept)).body.accepted).toBe(true);
  const wrong = await send({ ...kept, password: "guessed" });
  expect(wrong.body).toMatchObject({ accepted: false });
  expect(wrong.body.steps.at(-1)).toMatchObject({ step: "login", ok: false });
});

test("an administrator tries the one that is saved, and none that they name", async () => {
  await put(server());
  const administrator = await tenant.person("administrator");
  const named = await administrator.call("POST", "/mail-server/test", { server: server() });
  expect(named).toMatchObject({ status: 403, body: { code: "permission.missing" } });
  const { body } = await administrator.call<TestEmailAnswer>("POST", "/mail-server/test", {});
  expect(body).toMatchObject({ to: administrator.email, accepted: true });
  const mails = own.mails.filter(({ recipient }) => recipient === administrator.email);
  expect(mails.map(({ from }) => from?.value[0]?.address)).toEqual(["people@northwind.example"]);
});

test("is recorded, with the server and whether that took it", async () => {
  await send(server());
  await send(null);
  await send(server({ port: 1 }));
  const { body } = await tenant.owner.call<{ items: { action: string; details: object }[] }>(
    "GET",
    "/audit?action=tenant.test_email",
  );
  const { port } = server();
  expect(body.items.map(({ action, details }) => [action, details])).toEqual([
    ["tenant.test_email_failed", { server: "127.0.0.1:1" }],
    ["tenant.test_email_sent", { server: "installation" }],
    ["tenant.test_email_sent", { server: `127.0.0.1:${port}` }],
  ]);
});

test("goes to no address that email came back from, and counts among what an address gets a day", async () => {
  const { version } = (await tenant.owner.call<{ version: number }>("GET", "/settings")).body;
  await tenant.owner.call("PATCH", "/settings", { mailsPerAddress: 2, version });
  await installation.database.query(
    `insert into messages (tenant_id, id, user_id, kind, state, due_at, created_at, finished_at, recipient_key)
     select $1, gen_random_uuid(), id, 'user.invited', 'accepted', now(), now(), now(), email_key from users where id = $2`,
    [tenant.id, tenant.owner.id],
  );
  expect((await send(server({ port: 1 }))).body.accepted).toBe(false);
  expect((await send(server())).body.accepted).toBe(true);
  const third = await send(server());
  expect(third).toMatchObject({ status: 429, body: { code: "mail.address_limit" } });
  await installation.database.query("update users set mail_failed_at = now() where id = $1", [
    tenant.owner.id,
  ]);
  expect(await send(server())).toMatchObject({ status: 409, body: { code: "user.mail_failed" } });
  expect(own.mails.filter(({ recipient }) => recipient === tenant.owner.email)).toHaveLength(1);
});

test("ten in a quarter of an hour, of each tenant", async () => {
  const closed = server({ port: 1 });
  for (let n = 0; n < 10; n += 1) expect((await send(closed)).status).toBe(200);
  expect((await send(closed)).status).toBe(429);
  expect((await send(closed, other)).status).toBe(200);
});
