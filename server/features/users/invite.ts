import type { Context } from "#server/context.ts";
import { idsSource } from "#server/platform/db/sql-source.ts";
import { makeLinks } from "../credentials/links.ts";
import { atMostDays, daysAfter } from "../credentials/validity.ts";
import { addMessages, type MessageRequest } from "../mail/add-messages.ts";

/** A new link by a new email for each of these invited people; an older link dies. */
export async function invite(
  ctx: Context,
  userIds: readonly string[],
  mail: Pick<MessageRequest, "dueAt" | "when"> = {},
): Promise<void> {
  await makeLinks(ctx, "invitation", {
    people: idsSource(userIds),
    expiresAt: daysAfter(mail.when instanceof Date ? mail.when : ctx.now, atMostDays),
  });
  await addMessages(
    ctx,
    userIds.map((userId) => ({ userId, kind: "user.invited", ...mail })),
  );
}
