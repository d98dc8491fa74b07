import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { messageKinds } from "#server/app.ts";
import { mailJobs } from "#server/features/mail/jobs.ts";
import { type TestInstallation, testInstallation } from "./installation.ts";
import { unhurriedTiming } from "./mail.ts";
import { type SmtpSink, smtpSink } from "./smtp-sink.ts";
import { type TestTenant, testTenant } from "./tenant.ts";

type Seal = { sealed_password: Buffer | null; expires_at: Date | null; days: number };

/** What is mailed to the users of one tenant, Northwind, to a real mail server; no job runs unless a test runs it. */
export function mailToUsers() {
  const desk = {} as { muster: TestInstallation; tenant: TestTenant; sink: SmtpSink };
  beforeAll(async () => {
    desk.sink = await smtpSink();
    const environment = { SMTP_URL: desk.sink.url, SMTP_CONNECTIONS: "1", LOG_LEVEL: "silent" };
    desk.muster = await testInstallation(environment);
    desk.tenant = await testTenant(desk.muster, "northwind");
  });
  afterEach(() => {
    desk.sink.onRecipient = () => "accept";
    desk.sink.mails.length = 0;
  });
  afterAll(async () => {
    await desk.muster?.close();
    await desk.sink?.stop();
  });

  /** Whatever was put together is looked at again when it goes, however quickly that is. */
  const jobs = mailJobs(messageKinds, { ...unhurriedTiming, freshMs: 0 });
  const turn = (name: string) => () =>
    jobs.find((job) => job.name === name)?.run({ tenantId: desk.tenant.id }, desk.muster.services);
  return Object.assign(desk, {
    deliver: turn("mail.deliver"),
    /** The same for what somebody waits for. */
    deliverFirst: turn("mail.deliver_first"),
    add: async (mode: "create" | "invite", more: object = {}) => {
      const email = `${mode}.${Math.random().toString(36).slice(2)}@northwind.example`;
      const password = mode === "create" ? { password: "correct horse battery" } : {};
      const person = { mode, email, firstName: "Eva", lastName: "Berg", groupIds: [], ...password, ...more };
      const { status, body } = await desk.tenant.owner.call<{ id: string }>("POST", "/users", person);
      expect(status).toBe(201);
      return { id: body.id, email };
    },
    choose: async (settings: object) => {
      const { owner } = desk.tenant;
      const { version } = (await owner.call<{ version: number }>("GET", "/settings")).body;
      expect((await owner.call("PATCH", "/settings", { ...settings, version })).status).toBe(200);
    },
    credential: async (userId: string) =>
      (
        await desk.muster.database.query<Seal>(
          "select sealed_password, expires_at, extract(epoch from expires_at - now()) / 86400 as days from credentials where user_id = $1",
          [userId],
        )
      )[0],
    messagesOf: (userId: string) =>
      desk.muster.database.query<{ kind: string; state: string }>(
        "select kind, state from messages where user_id = $1 order by id",
        [userId],
      ),
    mailsTo: (email: string) => desk.sink.mails.filter((mail) => mail.recipient === email),
  });
}
