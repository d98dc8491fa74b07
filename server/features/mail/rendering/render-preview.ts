import type { Context } from "#server/context.ts";
import { presentSettings } from "../../tenants/settings.ts";
import type { MessageKind, PendingMessage } from "../kinds.ts";
import { signInAddress } from "./compose-message.ts";
import { placeholdersOf, renderMessage, type Values } from "./render-message.ts";

/** Stands where a password or a link stood. */
const masked = "••••••••";
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
  const { values: tenant } = await presentSettings(ctx);
  const current = content && "to" in content ? content : undefined;
  const place = { language: current?.language ?? tenant.language, timeZone: tenant.timeZone };
  const known: Values = {
    ...always,
    ...current?.values,
    organisation: tenant.name,
    email: recipient ?? current?.to.address ?? unknown,
    signInAddress: signInAddress(ctx.instance.config, ctx.tenantSlug),
  };
  const values = Object.fromEntries(
    (await placeholdersOf(kind, place)).map((name) => [
      name,
      kind.secrets.includes(name) ? masked : (known[name] ?? unknown),
    ]),
  );
  const outdated = content && "withdraw" in content ? content.withdraw : null;
  return { ...(await renderMessage(kind, place, values)), outdated };
}
