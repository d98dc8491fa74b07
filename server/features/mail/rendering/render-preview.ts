import type { Context } from "#server/context.ts";
import { notFound } from "#server/platform/errors.ts";
import type { Language } from "../../tenants/tenant-settings.ts";
import type { MessageKind, PendingMessage } from "../kinds.ts";
import { pastLetter, unknown } from "./past-letter.ts";
import { placeholdersOf, renderMessage, type Values } from "./render-message.ts";
import { readSendingTenant, tenantValues } from "./sending-tenant.ts";

/** Stands where a password or a link stood. */
export const masked = "••••••••";

type Previewed = {
  kind: MessageKind;
  message: PendingMessage;
  recipient: string | null;
  /** What is known even where it would not be sent any more. */
  known: { language: Language | null; values: Record<string, string> };
  /** When it was sent; null: not yet, or never. */
  sentAt: Date | null;
};

/**
 * What a message says; nothing secret is in it. One that was sent is put together of what held then: the words, the tenant's
 * name, colour and logo; one that was not, of what holds now. `outdated`: why it would not be sent like this any more.
 */
export async function renderPreview(ctx: Context, { kind, message, recipient, known, sentAt }: Previewed) {
  const content = (await kind.contents(ctx, [message])).get(message.id);
  const current = content && "to" in content ? content : undefined;
  const { tenant, values: ofTenant } = await letterFor(ctx, { kind, message, sentAt });
  const voice = { ...tenant, language: current?.language ?? known.language ?? tenant.language };
  const all: Values = {
    ...known.values,
    ...current?.values,
    ...ofTenant,
    email: recipient ?? current?.to.address ?? unknown,
  };
  const values = Object.fromEntries(
    (await placeholdersOf(kind, voice, all)).map((name) => [
      name,
      kind.secrets.includes(name) ? masked : (all[name] ?? unknown),
    ]),
  );
  const outdated = content && "withdraw" in content ? content.withdraw : null;
  return { ...(await renderMessage(kind, voice, values)), outdated, as: sentAt ? "sent" : "now" } as const;
}

async function letterFor(ctx: Context, of: Pick<Previewed, "kind" | "message" | "sentAt">) {
  const letter = await anyLetterFor(ctx, of);
  const { replyTo: _, ...withoutAnswers }: Values = letter.values;
  return of.kind.apart ? { ...letter, values: withoutAnswers } : letter;
}

async function anyLetterFor(
  ctx: Context,
  { kind, message, sentAt }: Pick<Previewed, "kind" | "message" | "sentAt">,
) {
  const tenant = await readSendingTenant(ctx);
  if (!tenant) throw notFound("tenant");
  if (sentAt) return pastLetter(ctx, { kind, tenant, sent: { id: message.id, finishedAt: sentAt } });
  return { tenant, values: tenantValues(ctx.instance.config.publicUrl, tenant) };
}
