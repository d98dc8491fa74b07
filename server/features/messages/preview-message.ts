import type { z } from "zod";
import type { Context } from "#server/context.ts";
import { kindNamed } from "../mail/kinds.ts";
import { renderPreview } from "../mail/rendering/render-preview.ts";
import { listAttempts } from "../mail/store-list.ts";
import type { getMessage } from "./contract.ts";
import { presentMessage, requireMessage } from "./find-messages.ts";

type Answer = z.output<typeof getMessage.output>;

/** One message with what was said of it, and what it says: rendered again, nothing secret in it. */
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
          message: { id: row.id, userId: row.user_id },
          recipient: row.recipient,
          known: row.first_name === null ? {} : { firstName: row.first_name, lastName: row.last_name ?? "" },
        })
      : null,
  };
}
