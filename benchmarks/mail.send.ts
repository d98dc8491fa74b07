import { createTransport } from "nodemailer";
import { messageKinds } from "#server/app.ts";
import { mailJobs } from "#server/features/mail/jobs.ts";
import { registerKinds } from "#server/features/mail/kinds.ts";
import { prepareMessages } from "#server/features/mail/sending/prepare-messages.ts";
import type { Installation } from "#server/open-installation.ts";
import type { OutgoingMessage } from "#server/platform/smtp/outgoing-message.ts";
import { compare, type Options } from "./support/figure.ts";
import { newTenant, type Tenant, withInstallation } from "./support/installation.ts";
import { queueMessages } from "./support/queue-messages.ts";
import { startSink } from "./support/start-sink.ts";
import { asSuperuser, serverVersion } from "./support/superuser.ts";
import { median, seconds } from "./support/time.ts";

export const about =
  "Messages a second, with every change of state in the database, against a bare nodemailer pool sending the same.";
export const bars = { "mail.send.share": 0.8 };
export const usual = { rows: 10_000, runs: 5 };

/**
 * `mail.send.share`: the messages a second that Muster sends (claiming, looking up, rendering, handing over, noting every
 * change of state in the database), as a share of what a bare nodemailer pool with the same number of connections makes of
 * the same messages, rendered beforehand. To the same SMTP server, in a process of its own, that takes everything at once.
 */
export async function measure({ rows, runs }: Options) {
  const sink = await startSink();
  const connections = 5;
  const ours: number[] = [];
  const limit: number[] = [];
  /** Processor time of our process for ours over that for the limit: the same however busy the machine is. */
  const cpu: number[] = [];
  const postgres = await withInstallation(
    async (installation) => {
      for (let run = 0; run < runs; run += 1) {
        const tenant = await newTenant(installation);
        await queueMessages(installation, tenant.id, rows);
        const messages = await render(installation, tenant, rows);
        const before = await sink.messages();
        const idle = process.cpuUsage();
        limit.push(await seconds(() => sendBare(sink.url, connections, messages)));
        const bare = process.cpuUsage(idle);
        ours.push(await seconds(() => sendOurs(installation, tenant)));
        const both = process.cpuUsage(idle);
        cpu.push((both.user + both.system) / (bare.user + bare.system) - 1);
        const came = (await sink.messages()) - before;
        if (came !== 2 * rows) throw new Error(`${came} messages came, not ${2 * rows}.`);
      }
      return serverVersion(installation);
    },
    { SMTP_URL: sink.url, SMTP_CONNECTIONS: String(connections) },
  );
  sink.stop();
  const settings = { rows, runs, postgres, connections, cpu: median(cpu).toFixed(2) };
  return [compare({ figure: "mail.send.share", bar: bars["mail.send.share"] }, { ours, limit }, settings)];
}

/** The tenant's messages as they will be sent. */
async function render(
  installation: Installation,
  { id, services }: Tenant,
  rows: number,
): Promise<OutgoingMessage[]> {
  registerKinds(messageKinds);
  const found = await asSuperuser(installation, (client) =>
    client.query("select id, user_id, kind, attempts from messages where tenant_id = $1 limit $2", [
      id,
      rows,
    ]),
  );
  const claimed = found.rows.map((row) => ({
    id: row.id,
    userId: row.user_id,
    kind: row.kind,
    attempts: 0,
    firstTriedAt: null,
  }));
  const tenant = { id, slug: "bench", name: "Bench", language: "en", timeZone: "UTC" } as const;
  return (await prepareMessages(services, tenant, claimed)).flatMap((one) =>
    "ready" in one ? [one.ready] : [],
  );
}

/** As somebody would write it who sends by nodemailer and nothing else. */
const toMailOptions = ({ envelopeFrom, from, to, ...message }: OutgoingMessage) => ({
  ...message,
  from,
  to,
  envelope: { from: envelopeFrom ?? from.address, to: [to.address] },
  headers: { "Auto-Submitted": "auto-generated" },
  xMailer: false as const,
  disableFileAccess: true,
  disableUrlAccess: true,
});

async function sendBare(url: string, connections: number, messages: readonly OutgoingMessage[]) {
  const pool = createTransport({
    pool: true,
    url,
    maxConnections: connections,
    maxMessages: Number.POSITIVE_INFINITY,
  });
  let next = 0;
  const hand = async () => {
    for (let message = messages[next++]; message; message = messages[next++])
      await pool.sendMail(toMailOptions(message));
  };
  await Promise.all(Array.from({ length: connections }, hand));
  pool.close();
}

/** Turn after turn until none is left, as the job does. */
async function sendOurs(installation: Installation, { id, services }: Tenant) {
  const [deliver] = mailJobs(messageKinds);
  const left = () =>
    installation.database.inTenant(id, (tx) =>
      tx.row(
        "select from messages where tenant_id = $1 and state in ('queued', 'sending', 'deferred') limit 1",
        [id],
      ),
    );
  while (await left()) await deliver?.run({ tenantId: id }, services);
}
