import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import type { MailServerAnswer } from "#server/features/mail/contract.ts";
import { type TestInstallation, testInstallation } from "./installation.ts";
import { quickTiming } from "./mail.ts";
import { type SmtpSink, smtpSink } from "./smtp-sink.ts";
import { standIn } from "./stand-in.ts";
import { type TestTenant, testTenant } from "./tenant.ts";

/**
 * For a test file: an installation that sends, its mail server (`common`), one that a tenant may have of its own (`own`), and two new
 * tenants for each test.
 */
export function ownMailServer() {
  let [common, own]: SmtpSink[] = [];
  let installation: TestInstallation;
  let [tenant, other]: TestTenant[] = [];
  beforeAll(async () => {
    [common, own] = await Promise.all([smtpSink(), smtpSink({ login: true })]);
    installation = await testInstallation({
      SMTP_URL: common.url,
      SMTP_CONNECTIONS: "2",
      MAIL_FROM: "Muster <muster@installation.example>",
      MAIL_BOUNCE_ADDRESS: "bounces@installation.example",
      MAIL_TENANT_SERVERS: "any",
      LOG_LEVEL: "silent",
    });
    await installation.startJobs({ ...quickTiming, replyMs: 600_000 });
  });
  afterAll(async () => {
    await installation?.close();
    await Promise.all([common?.stop(), own?.stop()]);
  });
  beforeEach(async () => {
    [tenant, other] = await Promise.all([testTenant(installation), testTenant(installation)]);
  });
  afterEach(() => {
    Object.assign(here.own, { onLogin: () => "accept", onRecipient: () => "accept" });
    here.common.onRecipient = () => "accept";
    installation.instance.config.mailTenantServers = "any";
  });
  const here = {
    common: standIn(() => common as SmtpSink),
    own: standIn(() => own as SmtpSink),
    installation: standIn(() => installation),
    tenant: standIn(() => tenant as TestTenant),
    other: standIn(() => other as TestTenant),
  };
  return { ...here, ...callsOf(here) };
}

type Here = Record<"common" | "own", SmtpSink> &
  Record<"tenant" | "other", TestTenant> & {
    installation: TestInstallation;
  };

let people = 0;

function callsOf({ own, tenant, installation }: Here) {
  const current = async (of = tenant) => (await of.owner.call<MailServerAnswer>("GET", "/mail-server")).body;
  return {
    current,
    /** As a tenant may choose it. */
    server: (more: object = {}) => ({
      fromAddress: "people@northwind.example",
      host: "127.0.0.1",
      port: Number(new URL(own.url).port),
      security: "none",
      user: "muster",
      password: "a secret of ours",
      ...more,
    }),
    put: async (chosen: object | null, of = tenant) =>
      of.owner.call<MailServerAnswer & { code: string; fields: Record<string, string> }>(
        "PUT",
        "/mail-server",
        { server: chosen, revision: (await current(of)).revision },
      ),
    /** Invites somebody, and answers their address. */
    invite: async (of: TestTenant) => {
      people += 1;
      const email = `person${people}@people.example`;
      const person = { mode: "invite", firstName: "Ann", lastName: "Example", email, groupIds: [] };
      expect((await of.owner.call("POST", "/users", person)).status).toBe(201);
      return email;
    },
    arrived: async (sink: SmtpSink, email: string) => {
      const mail = () => sink.mails.find(({ recipient }) => recipient === email);
      await expect.poll(mail, { timeout: 10_000 }).toBeDefined();
      return mail();
    },
    messageTo: async (email: string) =>
      (
        await installation.database.query<{ state: string; last_reply: string | null }>(
          "select m.state, m.last_reply from messages m join users u on u.id = m.user_id where u.email = $1",
          [email],
        )
      )[0],
  };
}
