import type { JobServices } from "#server/context.ts";
import type { OutgoingMessage } from "#server/platform/smtp/outgoing-message.ts";
import { kindNamed, type MessageContent, type MessageKind } from "../kinds.ts";
import { composeMessage } from "../rendering/compose-message.ts";
import type { SendingTenant } from "../rendering/sending-tenant.ts";
import type { ClaimedMessage } from "./store-claims.ts";

/** A claimed message: ready to be handed over, or why it is not. */
export type Prepared = { claimed: ClaimedMessage } & (
  | { ready: OutgoingMessage; edition: number | undefined }
  | { withdraw: string; replace?: boolean }
  | { unready: string }
  | { postpone: { until: Date; why: string } }
);

const unknownKind = "This version of Muster does not know this kind of message.";
const notComposed = "Muster could not put this message together; the log says why. It is tried again.";

/** Looks up what the messages say, all of a kind at once, and renders them. */
export async function prepareMessages(
  services: JobServices,
  tenant: SendingTenant,
  claimed: readonly ClaimedMessage[],
): Promise<Prepared[]> {
  const prepared: Prepared[] = [];
  for (const [name, messages] of Map.groupBy(claimed, (message) => message.kind)) {
    const kind = kindNamed(name);
    if (kind) prepared.push(...(await prepareKind(services, { tenant, kind, messages })));
    else prepared.push(...messages.map((message) => ({ claimed: message, unready: unknownKind })));
  }
  const place = new Map(claimed.map((message, index) => [message.id, index]));
  return prepared.sort((a, b) => (place.get(a.claimed.id) ?? 0) - (place.get(b.claimed.id) ?? 0));
}

type OfKind = { tenant: SendingTenant; kind: MessageKind; messages: readonly ClaimedMessage[] };

/** In a transaction of its own: trouble with one kind is not trouble with the others. */
async function prepareKind(services: JobServices, { tenant, kind, messages }: OfKind): Promise<Prepared[]> {
  try {
    const contents = await services.inTenant(tenant.id, (ctx) => kind.contents(ctx, messages));
    return await Promise.all(
      messages.map((claimed) => prepareOne(services, { tenant, kind, claimed }, contents?.get(claimed.id))),
    );
  } catch (error) {
    services.log.error(
      { err: error, tenantId: tenant.id, kind: kind.kind },
      "messages could not be put together",
    );
    return messages.map((claimed) => ({ claimed, unready: notComposed }));
  }
}

type One = { tenant: SendingTenant; kind: MessageKind; claimed: ClaimedMessage };

async function prepareOne(
  { instance, log }: JobServices,
  { tenant, kind, claimed }: One,
  content: MessageContent | undefined,
): Promise<Prepared> {
  if (!content) return { claimed, withdraw: "What it was to say is no longer true." };
  if ("withdraw" in content) return { claimed, ...content };
  try {
    const message = { id: claimed.id, kind, content };
    return { claimed, ready: await composeMessage(message, { instance, tenant }), edition: tenant.edition };
  } catch (error) {
    log.error({ err: error, messageId: claimed.id, kind: kind.kind }, "a message could not be put together");
    return { claimed, unready: notComposed };
  }
}
