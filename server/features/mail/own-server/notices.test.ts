import { beforeEach, expect, test } from "vitest";
import { messageKinds } from "#server/app.ts";
import { commonServer } from "#tests/support/common-server.ts";
import { quickTiming } from "#tests/support/mail.ts";
import { type TestPerson, type TestTenant, testTenant } from "#tests/support/tenant.ts";
import { mailJobs } from "../jobs.ts";

/** Notices to owners that wait to be tried: no job runs unless a test runs it. */
const { common, installation, chooseServer } = commonServer();
let tenant: TestTenant;
let second: TestPerson;

beforeEach(async () => {
  common.onRecipient = () => "accept";
  tenant = await testTenant(installation);
  second = await tenant.person("owner");
  await chooseServer(tenant);
});

const jobs = mailJobs(messageKinds, quickTiming);
const run = (name: string, payload = {}) =>
  jobs.find((job) => job.name === name)?.run({ tenantId: tenant.id, ...payload }, installation.services);
const notice = async () => {
  const [found] = await installation.database.query<{
    id: string;
    state: string;
    recipient: string | null;
    last_reply: string | null;
  }>(
    "select id, state, recipient, last_reply from messages where tenant_id = $1 and user_id = $2 and kind = 'mail_server.changed'",
    [tenant.id, second.id],
  );
  if (!found) throw new Error("There is no notice.");
  return found;
};
const tell = async () => run("mail_server.tell_owner", { messageId: (await notice()).id });
const erase = async () => {
  await tenant.owner.call("DELETE", `/users/${second.id}`);
  return (await tenant.owner.call("POST", `/users/${second.id}/erase`, { email: second.email })).status;
};
const received = () => common.mails.filter(({ recipient }) => recipient === second.email);

test("one whose job was lost is found again", async () => {
  const { id } = await notice();
  const key = `mail_server.tell_owner:${id}`;
  const waiting = () => installation.database.query("select from graphile_worker.jobs where key = $1", [key]);
  expect(await waiting()).toHaveLength(1);
  await installation.database.query("delete from graphile_worker._private_jobs where key = $1", [key]);
  await run("mail.sweep");
  expect(await waiting()).toHaveLength(0);
  await installation.database.query(
    "update messages set due_at = due_at - interval '20 minutes' where tenant_id = $1 and id = $2",
    [tenant.id, id],
  );
  await run("mail.sweep");
  expect(await waiting()).toHaveLength(1);
  await tell();
  expect(await notice()).toMatchObject({ state: "accepted", recipient: second.email });
  expect(received()).toHaveLength(1);
});

test("one that is tried again keeps nobody from being erased, and is withdrawn with them", async () => {
  common.onRecipient = () => ({ code: 451, words: "4.7.1 Come back later" });
  await tell();
  expect(await notice()).toMatchObject({ state: "sending", last_reply: "451 4.7.1 Come back later" });
  common.onRecipient = () => "accept";
  expect(await erase()).toBeLessThan(300);
  await tell();
  expect(await notice()).toMatchObject({ state: "withdrawn", recipient: null });
  expect(received()).toEqual([]);
});

test("of one that was on its way when its person was erased nothing is written any more", async () => {
  let erased = 0;
  common.onRecipient = async () => {
    erased = await erase();
    return { code: 451, words: `4.7.1 <${second.email}>: come back later` };
  };
  await tell();
  expect(erased).toBeLessThan(300);
  const { state, last_reply, recipient } = await notice();
  expect([state, recipient]).toEqual(["withdrawn", null]);
  expect(last_reply).not.toContain(second.email);
});
