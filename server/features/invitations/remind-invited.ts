import type { Context } from "#server/context.ts";
import { record } from "../audit/record.ts";
import { addMessages } from "../mail/add-messages.ts";
import { readSettings } from "../tenants/settings.ts";
import { isTenantActive } from "../tenants/store.ts";
import { dueReminders, lockProgress, writeProgress } from "./store.ts";

/** Invitations looked at in one transaction. */
const usualMost = 5_000;

/**
 * What fell due longer ago is left out: Muster did not run or the tenant was suspended, and several days' reminders would come
 * at once.
 */
const makesUpForMs = 24 * 3_600_000;

/**
 * Writes the next reminders that have fallen due in a tenant. Answers whether there may be more. When they fall due is not kept
 * but made of when the invitations were sent, so that inviting costs nothing more and a change of the days holds for everybody.
 */
export async function remindInvited(ctx: Context, most = usualMost): Promise<boolean> {
  const { reminderDays: days } = await readSettings(ctx);
  if (days.length === 0 || !(await isTenantActive(ctx))) return false;
  const earliest = new Date(ctx.now.getTime() - makesUpForMs);
  const from = await lockProgress(ctx, earliest);
  const { userIds, until, more } = await dueReminders(ctx, { days, from, most });
  await writeProgress(ctx, until);
  await addMessages(
    ctx,
    userIds.map((userId) => ({ userId, kind: "invitation.reminder" })),
  );
  if (userIds.length > 0)
    await record(ctx, { action: "invitations.reminded", details: { emails: userIds.length } });
  return more;
}
