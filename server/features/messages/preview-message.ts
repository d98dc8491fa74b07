import type { z } from "zod";
import type { Context } from "#server/context.ts";
import { kindNamed } from "../mail/kinds.ts";
import { renderPreview } from "../mail/rendering/render-preview.ts";
import { type ListedMessage, listAttempts } from "../mail/store-list.ts";
import type { getMessage } from "./contract.ts";
import { presentMessage, requireMessage } from "./find-messages.ts";

type Answer = z.output<typeof getMessage.output>;

/** Those that were put together for the last time and handed over, or tried to be. */
const sent: ReadonlySet<ListedMessage["state"]> = new Set([
  "accepted",
  "kept",
  "bounced",
  "refused",
  "expired",
]);

/** One message with what was said of it, and what it says: as it was sent, or as it would be; nothing secret in it. */
export async function previewMessage(ctx: Context, messageId: string): Promise<Answer> {
  const row = await requireMessage(ctx, messageId);
  const attempts = await listAttempts(ctx.tx, ctx.tenantId, messageId);
  const kind = kindNamed(row.kind);
  return {
    message: presentMessage(row),
    history: attempts.map(({ outcome, at, reply }) => ({
      outcome: outcome as Answer["history"][number]["outcome"],
      at: at.toISOString(),
      reply,
    })),
    preview: kind
      ? await renderPreview(ctx, {
          kind,
          message: { id: row.id, userId: row.user_id, about: row.about },
          recipient: row.recipient,
          known: knownOf(row),
          sentAt: sent.has(row.state) ? row.finished_at : null,
        })
      : null,
  };
}

const knownOf = ({ language, first_name: firstName, last_name: lastName }: ListedMessage) => ({
  language,
  values: firstName === null ? {} : { firstName, lastName: lastName ?? "" },
});
