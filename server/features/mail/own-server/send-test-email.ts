import { v7 as uuid } from "uuid";
import type { Context, Door } from "#server/context.ts";
import { requirePermission } from "#server/permissions.ts";
import { notFound, ProblemError } from "#server/platform/errors.ts";
import { nameOfServer } from "#server/platform/smtp/smtp-server.ts";
import { type StepTaken, tryServer } from "#server/platform/smtp/try-server.ts";
import { record } from "../../audit/record.ts";
import type { MailServerInput, TestEmailAnswer } from "../contract.ts";
import type { MessageKind } from "../kinds.ts";
import { composeMessage } from "../rendering/compose-message.ts";
import { readSendingTenant } from "../rendering/sending-tenant.ts";
import { requireAllowed } from "./allowed-servers.ts";
import { passwordFor } from "./change-server.ts";
import { readOwnServer, sendingAs, smtpServer } from "./own-server.ts";
import { readKeptServer } from "./store-servers.ts";
import { testEmailWording } from "./test-email-wording.ts";
import { testEmailSent, testRecipient } from "./test-recipient.ts";

const patienceMs = 10_000;

/** No message of the queue: it is sent while somebody watches, once, and is not listed. */
const kind: MessageKind = {
  kind: "mail.test",
  wordings: testEmailWording,
  placeholders: [],
  core: () => [],
  secrets: [],
  contents: async () => new Map(),
};

type Asked = { server: MailServerInput | null | undefined; ip: string };

/** One email to whoever asks, by the server on their screen, saved or not, and how each step went. */
export async function sendTestEmail(door: Door, { server, ip }: Asked): Promise<TestEmailAnswer> {
  const { instance, tenantId, actor } = door;
  const { smtpUrl, dkim, mailTenantServers } = instance.config;
  if (server) {
    if (actor.kind === "user") requirePermission(actor.role, "mail_server.change");
    requireAllowed(mailTenantServers, server);
  }
  // Not one of the tries that an address has at signing in, but as many: each is a connection to a server of their choice.
  await instance.throttle({ ip: `mail ${ip}`, person: `test email ${tenantId}` });
  const { own, message } = await door.run((ctx) => prepare(ctx, server));
  const by = own ?? smtpUrl;
  if (!by) throw new ProblemError(409, "mail_server.none", noServer);
  const taken = await tryServer({ server: by, message, dkim: own ? undefined : dkim, patienceMs });
  const accepted = taken.every(({ ok }) => ok);
  await door.run((ctx) => recordTest(ctx, { accepted, server: own ? nameOfServer(own) : "installation" }));
  if (!own && !accepted) door.log.warn({ steps: taken }, "a test email by SMTP_URL failed");
  return { to: message.to.address, accepted, steps: taken.map(own ? frankly : discreetly) };
}

const recordTest = (ctx: Context, { accepted, server }: { accepted: boolean; server: string }) =>
  record(ctx, {
    action: accepted ? testEmailSent : "tenant.test_email_failed",
    target: { kind: "tenant", id: ctx.tenantId },
    details: { server },
  });

const frankly = ({ discreetWords: _, ...step }: StepTaken) => step;

/** Where the installation's server is, and as whom it is logged in to, is nothing for a tenant, who cannot mend it either. */
const discreetly = ({ step, ok, discreetWords: words }: StepTaken) => ({
  step,
  ok,
  words,
  ...(!ok && { advice: "Tell whoever runs Muster: its log says what was wrong." }),
});

const noServer =
  "This installation has no mail server: emails are kept in its built-in mailbox. Whoever runs Muster can set one (SMTP_URL).";

async function prepare(ctx: Context, server: Asked["server"]) {
  const { instance } = ctx;
  const tenant = await readSendingTenant(ctx);
  if (!tenant) throw notFound("tenant");
  const to = await testRecipient(ctx);
  const own = await ownServerToTry(ctx, server);
  const message = await composeMessage(
    { id: uuid(), kind, content: { to, language: null, values: {} } },
    { instance, tenant: { ...tenant, ...(own && sendingAs(own)) } },
  );
  return { own: own?.smtp, message };
}

/** Undefined: the installation's. */
async function ownServerToTry(ctx: Context, server: Asked["server"]) {
  if (server === undefined) return readOwnServer(ctx);
  if (server === null) return undefined;
  const password = passwordFor(ctx, server, await readKeptServer(ctx.tx, ctx.tenantId));
  return { ...server, smtp: smtpServer(ctx.instance, { ...server, password }) };
}
