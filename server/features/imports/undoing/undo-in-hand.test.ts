import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { messageKinds } from "#server/app.ts";
import { mailJobs } from "#server/features/mail/jobs.ts";
import { importsByHand } from "#tests/support/imports-by-hand.ts";
import { quickTiming } from "#tests/support/mail.ts";
import { type Answer, type SmtpSink, smtpSink } from "#tests/support/smtp-sink.ts";
import { until } from "#tests/support/until.ts";
import type { UndoPlan } from "../contract.ts";
import { undoRows } from "./undo-rows.ts";

/** An email to one of those whom the import made is at the mail server while it is undone. */
let sink: SmtpSink;
const environment: Record<string, string> = {};
beforeAll(async () => {
  sink = await smtpSink();
  environment.SMTP_URL = sink.url;
});
const desk = importsByHand(environment);
beforeEach(() => desk.newTenant());
afterAll(() => sink.stop());

const people =
  "First name,Last name,Email\nAnna,Berg,anna@northwind.example\nBela,Cruz,bela@northwind.example\n";

const emails = async () =>
  (
    await desk.query("select email from users where tenant_id = $1 and role = 'member' order by email", [
      desk.tenant.id,
    ])
  ).map(({ email }) => email);

test("whoever is being sent an email is erased when that is over, and no word of it is kept", async () => {
  const said = Promise.withResolvers<Answer>();
  let hangs = false;
  sink.onRecipient = (address) => {
    if (!address.startsWith("anna@")) return "accept";
    hangs = true;
    return said.promise;
  };
  const { id } = await desk.checked(people);
  await desk.tenant.owner.call("PATCH", `/imports/${id}`, { mail: { when: "now" } });
  await desk.applied(id);
  const deliver = mailJobs(messageKinds, quickTiming).find(({ name }) => name === "mail.deliver");
  const delivering = deliver?.run({ tenantId: desk.tenant.id }, desk.installation.services);
  await until(() => hangs && sink.mails.length === 1, "one hangs, the other has gone");
  await until(async () => {
    const sending = await desk.query("select from messages where tenant_id = $1 and state = 'sending'", [
      desk.tenant.id,
    ]);
    return sending.length === 1;
  }, "the other is noted");

  const { body } = await desk.tenant.owner.call<UndoPlan>("GET", `/imports/${id}/undo`);
  expect(body).toMatchObject({ erase: 2 });
  await desk.tenant.owner.call("POST", `/imports/${id}/undo`, { planHash: body.hash });
  await undoRows(desk.door, id, () => false);
  expect(await emails()).toEqual(["anna@northwind.example"]);
  expect(await desk.see(id)).toMatchObject({ state: "undoing", counts: { undone: 1, invited: 1 } });
  const woken = await desk.query("select run_at > now() as later from graphile_worker.jobs where key = $1", [
    `imports.apply:${desk.tenant.id}:later`,
  ]);
  expect(woken).toEqual([{ later: true }]);
  // Not seconds later where all else took a moment.
  const again = await desk.query(
    `select retry_at - updated_at = least(greatest(updated_at - undo_started_at, interval '1 second'), interval '5 seconds') as soon
       from imports where id = $1`,
    [id],
  );
  expect(again).toEqual([{ soon: true }]);

  said.resolve({ code: 550, words: "5.1.1 <anna@northwind.example>: no such user" });
  await delivering;
  await undoRows(desk.door, id, () => false);
  expect(await emails()).toEqual([]);
  expect(await desk.see(id)).toMatchObject({ state: "undone", counts: { undone: 2 } });
  const messages = await desk.query(
    "select state, recipient, recipient_key, last_reply from messages where tenant_id = $1 order by state",
    [desk.tenant.id],
  );
  const blank = { recipient: null, recipient_key: null, last_reply: null };
  expect(messages).toEqual([
    { state: "accepted", ...blank },
    { state: "refused", ...blank },
  ]);
});
