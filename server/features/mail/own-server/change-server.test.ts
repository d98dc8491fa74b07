import { expect, test } from "vitest";
import { messageKinds } from "#server/app.ts";
import { ownMailServer } from "#tests/support/own-mail-server.ts";
import type { Message } from "../../messages/contract.ts";
import { mailJobs } from "../jobs.ts";
import { withdrawMessages } from "../withdraw-messages.ts";

/** Who may change a tenant's mail server, and who is told. */
const { common, own, installation, tenant, current, server, put, invite, arrived } = ownMailServer();

test("only an owner changes it: what goes by it lets whoever reads it in as anybody, an owner too", async () => {
  await put(server());
  const { revision } = await current();
  const administrator = await tenant.person("administrator");
  for (const chosen of [server({ fromAddress: "mine@northwind.example" }), null]) {
    const refused = await administrator.call("PUT", "/mail-server", { server: chosen, revision });
    expect(refused).toMatchObject({ status: 403, body: { code: "permission.missing" } });
    expect(refused.body).toMatchObject({ detail: expect.stringContaining("Ask an owner") });
  }
  expect(await current()).toMatchObject({ revision, server: { fromAddress: "people@northwind.example" } });
});

test("every owner is told of a change, by the installation's server, also when it is removed", async () => {
  const second = await tenant.person("owner");
  const administrator = await tenant.person("administrator");
  const told = ({ email }: { email: string }) =>
    common.mails.filter(
      ({ recipient, subject }) => recipient === email && subject?.startsWith("The mail server of "),
    );
  const { port } = server();
  await put(server());
  await expect.poll(() => [told(tenant.owner), told(second)].map((mails) => mails.length)).toEqual([1, 1]);
  const [mail] = told(second);
  expect(mail?.text).toContain(`Mail server:\n127.0.0.1:${port}\n`);
  expect(mail?.text).toContain(`Changed by:\n${tenant.owner.email}\n`);
  expect(mail?.from?.value[0]?.address).toBe("muster@installation.example");
  await put(server());
  await put(null);
  await expect.poll(() => told(second).length).toBe(2 + 1);
  expect(told(second).at(-1)?.text).toContain("Mail server:\nThat of the installation\n");
  expect(told(administrator)).toEqual([]);
  expect(own.mails.filter(({ recipient }) => recipient === second.email)).toEqual([]);
});

test("the notice is a message that the tenant's own server never sees, and that nobody takes back or sends again", async () => {
  common.onRecipient = () => ({ code: 451, words: "4.7.1 Come back later" });
  await put(server());
  const { email } = tenant.owner;
  const notice = async () => {
    const { body } = await tenant.owner.call<{ items: Message[] }>(
      "GET",
      "/messages?kind=mail_server.changed",
    );
    return body.items[0];
  };
  await expect.poll(notice).toMatchObject({
    state: "sending",
    attempts: 1,
    lastReply: "451 4.7.1 Come back later",
    canWithdraw: false,
  });
  const { id = "" } = (await notice()) ?? {};
  const withdrawn = await tenant.owner.call("POST", `/messages/${id}/withdraw`);
  expect(withdrawn).toMatchObject({ status: 409, body: { code: "message.gone" } });
  // What takes back, hastens or sends everything else of theirs leaves it alone.
  expect(await tenant.run((ctx) => withdrawMessages(ctx, [tenant.owner.id]))).toEqual([]);
  const { version } = (await tenant.owner.call<{ version: number }>("GET", "/settings")).body;
  await tenant.owner.call("PATCH", "/settings", { version, replyTo: "elsewhere@northwind.example" });
  await put(server({ fromAddress: "others@northwind.example" }));
  await arrived(own, await invite(tenant));
  expect(await notice()).toMatchObject({ state: "sending" });
  expect(own.mails.filter(({ recipient }) => recipient === email)).toEqual([]);
  common.onRecipient = () => "accept";
  const teller = mailJobs(messageKinds).find(({ name }) => name === "mail_server.tell_owner");
  const tell = () => teller?.run({ tenantId: tenant.id, messageId: id }, installation.services);
  await tell();
  await tell();
  expect(common.mails.filter(({ recipient }) => recipient === email)).toHaveLength(1);
  const { body } = await tenant.owner.call<{
    message: Message;
    preview: { text: string };
    history: object[];
  }>("GET", `/messages/${id}`);
  expect(body.message).toMatchObject({
    state: "accepted",
    attempts: 2,
    recipient: email,
    canResend: false,
  });
  expect(body.history).toMatchObject([{ outcome: "deferred", reply: "451 4.7.1 Come back later" }]);
  const { text, replyTo } = common.mails.find(({ recipient }) => recipient === email) ?? {};
  expect(replyTo).toBeUndefined();
  expect(body.preview.text.trim()).toBe(text?.trim());
  const resent = await tenant.owner.call("POST", `/messages/${id}/resend`);
  expect(resent).toMatchObject({ status: 409, body: { code: "message.sent_once" } });
});
