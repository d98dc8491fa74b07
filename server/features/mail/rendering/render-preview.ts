import type { Context } from "#server/context.ts";
import { notFound } from "#server/platform/errors.ts";
import type { MessageKind, PendingMessage } from "../kinds.ts";
import { placeholdersOf, renderMessage, type Values } from "./render-message.ts";
import { readSendingTenant, tenantValues } from "./sending-tenant.ts";

/** Stands where a password or a link stood. */
export const masked = "••••••••";
/** Stands where something stood that nobody knows any more. */
const unknown = "…";

type Previewed = {
  kind: MessageKind;
  message: PendingMessage;
  recipient: string | null;
  /** What is known even where it would not be sent any more. */
  known: Record<string, string>;
};

/**
 * What a message says, rendered again from what is known now; nothing secret is in it. `outdated`: why it would not be sent
 * like this any more.
 */
export async function renderPreview(ctx: Context, { kind, message, recipient, known: always }: Previewed) {
  const content = (await kind.contents(ctx, [message])).get(message.id);
  const tenant = await readSendingTenant(ctx);
  if (!tenant) throw notFound("tenant");
  const current = content && "to" in content ? content : undefined;
  const voice = { ...tenant, language: current?.language ?? tenant.language };
  const known: Values = {
    ...always,
    ...current?.values,
    ...tenantValues(ctx.instance.config.publicUrl, tenant),
    email: recipient ?? current?.to.address ?? unknown,
  };
  const values = Object.fromEntries(
    (await placeholdersOf(kind, voice, known)).map((name) => [
      name,
      kind.secrets.includes(name) ? masked : (known[name] ?? unknown),
    ]),
  );
  const outdated = content && "withdraw" in content ? content.withdraw : null;
  return { ...(await renderMessage(kind, voice, values)), outdated };
}
