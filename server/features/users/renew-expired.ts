import type { Context } from "#server/context.ts";
import { record } from "../audit/record.ts";
import { hasExpiredInvitation } from "../credentials/links.ts";
import { withdrawMessages } from "../mail/withdraw-messages.ts";
import { readSettings } from "../tenants/settings.ts";
import { invite } from "./invite.ts";
import type { UserRow } from "./store.ts";

type Invited = Pick<UserRow, "id" | "status" | "mail_failed_at">;

/**
 * A new invitation in place of one that has expired, by an email before all that is queued; none where the tenant leaves
 * that to its administrators, or where the address does not work. Of a user this transaction has locked. `by`: who asked,
 * where that is known.
 */
export async function renewExpired(ctx: Context, { id, status, mail_failed_at }: Invited, by?: string) {
  if (status !== "invited" || mail_failed_at || !(await readSettings(ctx)).renewInvitations) return;
  if (!(await hasExpiredInvitation(ctx, id))) return;
  await withdrawMessages(ctx, [id]);
  await invite(ctx, [id], { dueAt: "first" });
  await record(ctx, { action: "invitation.renewed", target: { kind: "user", id }, ...(by && { by }) });
}
