import { v7 as uuid } from "uuid";
import type { Context, Job, JobServices } from "#server/context.ts";
import type { OutgoingMessage } from "#server/platform/smtp/outgoing-message.ts";
import type { MessageKind } from "../kinds.ts";
import { insertMailboxMessages } from "../mailbox/store-mailbox.ts";
import { composeMessage } from "../rendering/compose-message.ts";
import { ActionButton, Facts } from "../rendering/layout.ts";
import { readSendingTenant } from "../rendering/sending-tenant.ts";
import { openChannel } from "../sending/channel.ts";
import { usualTiming } from "../sending/timing.ts";
import { serverChangedFacts, serverChangedWording } from "./server-changed-wording.ts";
import { listOwners, readKeptServer, readPerson } from "./store-servers.ts";

/**
 * No message of the queue: that goes by the tenant's own server, and whoever has set one of theirs would read it there, or let
 * nobody have it.
 */
const kind: MessageKind = {
  kind: "mail_server.changed",
  wordings: serverChangedWording,
  placeholders: [],
  core: ({ language, button }) => [
    Facts(
      [serverChangedFacts[language].server, "{{server}}"],
      [serverChangedFacts[language].by, "{{changedBy}}"],
    ),
    ActionButton({ language, label: button, address: "{{signInAddress}}" }),
  ],
  secrets: [],
  contents: async () => new Map(),
};

/** Has every owner told, by the installation's server, that the tenant's mail server was changed; and by whom. */
export async function tellOwners(ctx: Context): Promise<void> {
  const { tx, tenantId, actor, enqueue } = ctx;
  const by = actor.kind === "user" ? actor.id : "";
  for (const { id } of await listOwners(tx, tenantId))
    await enqueue(tellOwnerJob.name, { tenantId, userId: id, messageId: uuid(), by });
}

/** Tries again, as jobs do, until the installation's server has taken it or refuses it for good. */
export const tellOwnerJob: Job = {
  name: "mail_server.tell_owner",
  lane: "quick",
  run: async ({ tenantId = "", userId = "", messageId = "", by = "" }, services) => {
    const message = await services.inTenant(tenantId, (ctx) => compose(ctx, { userId, messageId, by }));
    if (message) await handOver(services, { tenantId, messageId, message });
  },
};

type Told = { userId: string; messageId: string; by: string };

/** Undefined where they are no owner any more. */
async function compose(ctx: Context, { userId, messageId, by }: Told) {
  const { tx, tenantId, instance } = ctx;
  const tenant = await readSendingTenant(ctx);
  const owner = await readPerson(tx, tenantId, userId);
  if (!tenant || !owner?.is_owner) return undefined;
  const language = owner.language ?? tenant.language;
  const changer = by ? await readPerson(tx, tenantId, by) : undefined;
  const kept = await readKeptServer(tx, tenantId);
  const values = {
    firstName: owner.first_name,
    lastName: owner.last_name,
    server: kept ? `${kept.host}:${kept.port}` : serverChangedFacts[language].installations,
    changedBy: changer?.email ?? "?",
  };
  const to = { name: `${owner.first_name} ${owner.last_name}`.trim(), address: owner.email };
  return composeMessage(
    { id: messageId, kind, content: { to, language, values } },
    { instance, tenant: { ...tenant, replyTo: "" } },
  );
}

type Handed = { tenantId: string; messageId: string; message: OutgoingMessage };

async function handOver(services: JobServices, { tenantId, messageId, message }: Handed) {
  const channel = openChannel(services, { connections: 1, timing: usualTiming });
  try {
    const { delivery, source } = await channel.handOver(message, Promise.resolve());
    const { outcome, reply } = delivery;
    if (outcome === "deferred" || outcome === "denied") throw new Error(reply);
    if (outcome === "refused")
      services.log.warn({ tenantId, reply }, "an owner could not be told of a mail server");
    const { subject, to } = message;
    if (source)
      await services.inTenant(tenantId, (ctx) =>
        insertMailboxMessages(ctx, [{ id: messageId, recipient: to.address, subject, source }]),
      );
  } finally {
    channel.close();
  }
}
