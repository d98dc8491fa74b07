import { expect, it } from "vitest";
import { tokenOf } from "#tests/support/links.ts";
import { mailToUsers } from "#tests/support/mail-to-users.ts";
import type { Answer } from "#tests/support/smtp-sink.ts";
import { type TestPerson, testPassword } from "#tests/support/tenant.ts";
import { visitor } from "#tests/support/visitor.ts";

/** What becomes of emails when a password or an address changes, before they go and after. */
const desk = mailToUsers();
const { add, choose, credential, deliver, deliverFirst, mailsTo, messagesOf } = desk;

const resend = async (userId: string) =>
  expect((await desk.tenant.owner.call("POST", `/users/${userId}/credentials/resend`)).status).toBe(200);

const correctAddress = async (userId: string, email: string) => {
  const { body } = await desk.tenant.owner.call<{ version: number }>("GET", `/users/${userId}`);
  const answer = await desk.tenant.owner.call("PATCH", `/users/${userId}`, { version: body.version, email });
  expect(answer.status).toBe(200);
};

const signIn = async (email: string) =>
  (await visitor(desk.muster, desk.tenant.slug).signIn(email, "correct horse battery")).status;

/** Runs `meanwhile` while the mail server has a message to this address in hand, which it then answers. */
async function whileInHand(email: string, meanwhile: () => Promise<unknown>, answer: Answer = "accept") {
  const inHand = Promise.withResolvers<void>();
  const letGo = Promise.withResolvers<Answer>();
  let asked = 0;
  desk.sink.onRecipient = (address) => {
    if (address !== email || asked++ > 0) return "accept";
    inHand.resolve();
    return letGo.promise;
  };
  const delivery = deliver();
  await inHand.promise;
  await meanwhile();
  letGo.resolve(answer);
  await delivery;
}

const nobody: Answer = { code: 550, words: "5.1.1 nobody" };
const full: Answer = { code: 552, words: "5.2.2 full" };

it("keeps the password for the email that was sent again while the first, refused in the end, was in flight", async () => {
  const user = await add("create");
  await whileInHand(user.email, () => resend(user.id), full);
  await deliver();
  expect(await messagesOf(user.id)).toEqual([
    { kind: "user.created", state: "refused" },
    { kind: "user.created", state: "accepted" },
  ]);
  expect(mailsTo(user.email).at(-1)?.text).toContain("correct horse battery");
  expect((await credential(user.id))?.sealed_password).toBeNull();
});

it("sends a link to set a password where the password is gone", async () => {
  const user = await add("create");
  await desk.muster.database.query("update credentials set sealed_password = null where user_id = $1", [
    user.id,
  ]);
  await deliver();
  await deliver();
  expect(await messagesOf(user.id)).toEqual([
    { kind: "user.created", state: "withdrawn" },
    { kind: "user.set_password", state: "accepted" },
  ]);
  expect(mailsTo(user.email).map((mail) => mail.subject)).toEqual(["Set your password for Tenant northwind"]);
});

it("sends one whose seal does not open a link to set a password, and the others theirs", async () => {
  const [broken, whole] = [await add("create"), await add("create")];
  await desk.muster.database.query("update credentials set sealed_password = '\\x00' where user_id = $1", [
    broken.id,
  ]);
  await deliver();
  await deliver();
  expect(mailsTo(whole.email)[0]?.text).toContain("correct horse battery");
  expect(mailsTo(broken.email).map((mail) => mail.subject)).toEqual([
    "Set your password for Tenant northwind",
  ]);
  expect((await credential(broken.id))?.sealed_password).toBeNull();
});

it("resends a link to set a password where the seal does not open", async () => {
  const user = await add("create");
  await desk.muster.database.query("update credentials set sealed_password = '\\x00' where user_id = $1", [
    user.id,
  ]);
  await resend(user.id);
  await deliver();
  expect((await messagesOf(user.id)).at(-1)).toEqual({ kind: "user.set_password", state: "accepted" });
});

it("makes a temporary password worthless that went to an address which is corrected then", async () => {
  const user = await add("create");
  await deliver();
  const session = visitor(desk.muster, desk.tenant.slug);
  expect((await session.signIn(user.email, "correct horse battery")).status).toBe(200);
  await correctAddress(user.id, `right.${user.email}`);
  expect((await session.call("GET", "/me")).status).toBe(401);
  expect(await signIn(`right.${user.email}`)).toBe(401);
  await deliver();
  const [mail] = mailsTo(`right.${user.email}`);
  expect(mail?.subject).toBe("Set your password for Tenant northwind");
  expect(mail?.text).toContain("/link#set_password.");
});

it("does the same for somebody suspended, whose link goes when they are let in again", async () => {
  const user = await add("create");
  await deliver();
  await desk.tenant.owner.call("POST", `/users/${user.id}/suspend`);
  await correctAddress(user.id, `right.${user.email}`);
  await deliver();
  expect(mailsTo(`right.${user.email}`)).toHaveLength(0);
  await desk.tenant.owner.call("POST", `/users/${user.id}/reactivate`);
  expect(await signIn(`right.${user.email}`)).toBe(401);
  await deliver();
  expect(mailsTo(`right.${user.email}`)[0]?.text).toContain("/link#set_password.");
});

it("leaves the password of whoever chose their own as it is when their address changes", async () => {
  const person = await desk.tenant.person("member");
  await correctAddress(person.id, `right.${person.email}`);
  expect(await signIn(`right.${person.email}`)).toBe(200);
  expect(await messagesOf(person.id)).toEqual([]);
});

it("lets an address be corrected while the email is in flight, and a refusal take nothing away", async () => {
  const user = await add("create");
  const correct = async () => {
    await correctAddress(user.id, `right.${user.email}`);
    await resend(user.id);
  };
  await whileInHand(user.email, correct, nobody);
  await deliver();
  expect(mailsTo(`right.${user.email}`).map((mail) => mail.subject)).toEqual([
    "Set your password for Tenant northwind",
  ]);
});

it("sends nothing out of date: what was claimed and put together already is looked at again before it goes", async () => {
  const first = await add("invite");
  const [suspended, deleted, corrected] = [await add("create"), await add("create"), await add("create")];
  await whileInHand(first.email, async () => {
    const claimed = await desk.muster.database.query(
      "select 1 from messages where state = 'sending' and user_id = any($1)",
      [[suspended.id, deleted.id, corrected.id]],
    );
    expect(claimed).toHaveLength(3);
    await desk.tenant.owner.call("POST", `/users/${suspended.id}/suspend`);
    await desk.tenant.owner.call("DELETE", `/users/${deleted.id}`);
    await correctAddress(corrected.id, `right.${corrected.email}`);
  });
  await deliver();
  expect(desk.sink.mails.map((mail) => [mail.recipient, mail.subject])).toEqual([
    [first.email, "Tenant northwind invites you: set your password"],
    [`right.${corrected.email}`, "Set your password for Tenant northwind"],
  ]);
  expect(await messagesOf(corrected.id)).toEqual([
    { kind: "user.created", state: "withdrawn" },
    { kind: "user.set_password", state: "accepted" },
  ]);
});

it("tells whoever changed their password, unless the tenant wants no such email", async () => {
  const change = async (person: TestPerson, currentPassword: string, newPassword: string) =>
    expect((await person.call("POST", "/me/password", { currentPassword, newPassword })).status).toBe(200);
  const [told, untold] = [await desk.tenant.person("member"), await desk.tenant.person("member")];
  await change(told, testPassword, "seven yellow bicycles");
  await choose({ passwordNotice: false });
  await change(untold, testPassword, "seven yellow bicycles");
  await choose({ passwordNotice: true });
  await deliverFirst();
  expect(desk.sink.mails.map(({ recipient, subject }) => [recipient, subject])).toEqual([
    [told.email, "Your password for Tenant northwind was changed"],
  ]);
});

const followLink = async (userId: string, purpose: "reset" | "set_password", password: string) => {
  const token = await tokenOf(desk.tenant, userId, purpose);
  const answer = await visitor(desk.muster, desk.tenant.slug).call("POST", "/links/use", { token, password });
  expect(answer.status).toBe(200);
};

it("tells whoever's password was replaced by a link, and nobody who had none", async () => {
  const [reset, again] = [await desk.tenant.person("member"), await desk.tenant.person("member")];
  const fresh = await add("create");
  await deliver();
  desk.sink.mails.length = 0;
  await visitor(desk.muster, desk.tenant.slug).call("POST", "/password-resets", { email: reset.email });
  for (const { id } of [again, fresh])
    expect((await desk.tenant.owner.call("POST", `/users/${id}/credentials/resend`)).status).toBe(200);
  await followLink(reset.id, "reset", "seven yellow bicycles");
  for (const { id } of [again, fresh]) await followLink(id, "set_password", "seven yellow bicycles");
  await deliverFirst();
  expect(desk.sink.mails.map(({ recipient }) => recipient).sort()).toEqual([reset.email, again.email].sort());
  for (const { subject } of desk.sink.mails)
    expect(subject).toBe("Your password for Tenant northwind was changed");
});

it("a new password takes back what carries an old one or a link, and no notice", async () => {
  const { id, call, email } = await desk.tenant.person("member");
  await visitor(desk.muster, desk.tenant.slug).call("POST", "/password-resets", { email });
  const change = (currentPassword: string, newPassword: string) =>
    call("POST", "/me/password", { currentPassword, newPassword });
  expect((await change(testPassword, "seven yellow bicycles")).status).toBe(200);
  await visitor(desk.muster, desk.tenant.slug).call("POST", "/password-resets", { email });
  await followLink(id, "reset", "nine green tractors");
  expect(await messagesOf(id)).toEqual([
    { kind: "password.reset", state: "withdrawn" },
    { kind: "password.changed", state: "queued" },
    { kind: "password.reset", state: "withdrawn" },
    { kind: "password.changed", state: "queued" },
  ]);
});
