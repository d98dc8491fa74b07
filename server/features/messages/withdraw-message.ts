import type { Context } from "#server/context.ts";
import { ProblemError } from "#server/platform/errors.ts";
import { record } from "../audit/record.ts";
import { kindNamed } from "../mail/kinds.ts";
import { withdrawMessages } from "../mail/withdraw-messages.ts";
import { requireManageable } from "../users/lock-user.ts";
import { isRole, isUnsent, presentMessage, requireMessage } from "./find-messages.ts";

/** Takes a message back. One that is being handed over at this moment cannot be: then it says so. */
export async function withdrawMessage(ctx: Context, messageId: string) {
  const message = await requireMessage(ctx, messageId);
  if (message.role && isRole(message.role))
    requireManageable(ctx, { id: message.user_id, role: message.role });
  if (kindNamed(message.kind)?.assured) {
    const words = "This notice is Muster's own, and nobody takes it back. What it tells of is in Audit.";
    throw new ProblemError(409, "message.sent_once", words);
  }
  const [withdrawn] = isUnsent(message)
    ? await withdrawMessages(ctx, [message.user_id], { ids: [messageId], kinds: [message.kind] })
    : [];
  if (!withdrawn) {
    throw new ProblemError(
      409,
      "message.gone",
      "This email cannot be taken back any more: it has been handed over to the mail server, or is over.",
    );
  }
  await record(ctx, { action: "message.withdrawn", target: { kind: "message", id: messageId } });
  return presentMessage(await requireMessage(ctx, messageId));
}
