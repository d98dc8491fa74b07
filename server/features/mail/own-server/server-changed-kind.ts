import type { Context } from "#server/context.ts";
import { listRecorded } from "../../audit/store.ts";
import type { MessageContent, MessageKind, PendingMessage } from "../kinds.ts";
import { ActionButton, Facts } from "../rendering/layout.ts";
import { readSendingTenant } from "../rendering/sending-tenant.ts";
import { serverChangedFacts, serverChangedWording } from "./server-changed-wording.ts";
import { readPerson } from "./store-servers.ts";

/**
 * Tells an owner that the mail server was changed; `about` names the event that records it. It goes past the queue, which goes by
 * the tenant's own server: whoever has set one of theirs would read it there, or let nobody have it.
 */
export const serverChanged: MessageKind = {
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
  apart: true,
  contents: async (ctx, messages) => {
    const tenant = await readSendingTenant(ctx);
    const events = await listRecorded(
      ctx,
      messages.flatMap(({ about }) => about ?? []),
    );
    const contents = new Map<string, MessageContent>();
    for (const message of messages) {
      const event = events.find(({ id }) => id === message.about);
      if (tenant) contents.set(message.id, await contentOf(ctx, { message, event, spoken: tenant.language }));
    }
    return contents;
  },
};

type Told = {
  message: PendingMessage;
  event: Awaited<ReturnType<typeof listRecorded>>[number] | undefined;
  spoken: keyof typeof serverChangedFacts;
};

/** They are a few owners, of one change mostly. */
async function contentOf(ctx: Context, { message, event, spoken }: Told): Promise<MessageContent> {
  const owner = await readPerson(ctx.tx, ctx.tenantId, message.userId);
  if (!owner?.is_owner) return { withdraw: "They are no owner any more." };
  const by = event?.actor_id ? await readPerson(ctx.tx, ctx.tenantId, event.actor_id) : undefined;
  const language = owner.language ?? spoken;
  const server = event?.details.server;
  return {
    to: { name: `${owner.first_name} ${owner.last_name}`.trim(), address: owner.email },
    language: owner.language,
    values: {
      firstName: owner.first_name,
      lastName: owner.last_name,
      server: typeof server === "string" ? server : serverChangedFacts[language].installations,
      changedBy: by?.email ?? "?",
    },
  };
}
