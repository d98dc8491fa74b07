import type { Context } from "#server/context.ts";
import { idsSource } from "#server/platform/db/sql-source.ts";
import { makeLinks } from "../credentials/links.ts";
import { atMostDays, daysAfter } from "../credentials/validity.ts";
import { addMessages, type MailTime } from "../mail/add-messages.ts";

/** A link to set a password, by email, for each of these people; an older one dies. */
export async function sendPasswordLinks(
  ctx: Context,
  userIds: readonly string[],
  when: MailTime = "now",
): Promise<void> {
  await makeLinks(ctx, "set_password", {
    people: idsSource(userIds),
    expiresAt: daysAfter(when instanceof Date ? when : ctx.now, atMostDays),
  });
  await addMessages(
    ctx,
    userIds.map((userId) => ({ userId, kind: "user.set_password", when })),
  );
}
