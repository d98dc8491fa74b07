import type { Context, Door } from "#server/context.ts";
import { steadily } from "#server/platform/http/steadily.ts";
import type { Http } from "#server/route.ts";
import { record } from "../audit/record.ts";
import { whoseExpiredInvitation } from "../credentials/links.ts";
import { withdrawMessages } from "../mail/withdraw-messages.ts";
import { readSettings } from "../tenants/settings.ts";
import { isTenantActive } from "../tenants/store.ts";
import { invite } from "../users/invite.ts";
import { readUserRow } from "../users/store.ts";

/**
 * Sends somebody whose invitation has expired a new one, to the address it was for, which is never named. The same answer after
 * the same time, whether one was sent or not. Of one invitation that is once: then its link is an older one.
 */
export async function renewInvitation(door: Door, token: string, http: Http) {
  await door.instance.throttle({ ip: http.ip, person: `renewal ${door.tenantSlug} ${token}` });
  await steadily(door.run((ctx) => renew(ctx, token)));
  return {};
}

async function renew(ctx: Context, token: string) {
  if (!(await isTenantActive(ctx)) || !(await readSettings(ctx)).renewInvitations) return;
  const holder = await whoseExpiredInvitation(ctx, token);
  const user = holder ? await readUserRow(ctx, holder, "lock") : undefined;
  if (user?.status !== "invited" || user.mail_failed_at) return;
  // Of two at once the second waited here, and the first has made its link an older one.
  if (!(await whoseExpiredInvitation(ctx, token))) return;
  await withdrawMessages(ctx, [user.id]);
  await invite(ctx, [user.id], { dueAt: "first" });
  await record(ctx, { action: "invitation.renewed", target: { kind: "user", id: user.id }, by: user.id });
}
