import type { Context, Door } from "#server/context.ts";
import { steadily } from "#server/platform/http/steadily.ts";
import type { Http } from "#server/route.ts";
import { whoseExpiredInvitation } from "../credentials/links.ts";
import { isMailKept } from "../mail/own-server/is-mail-kept.ts";
import { isTenantActive } from "../tenants/store.ts";
import { renewExpired } from "../users/renew-expired.ts";
import { readUserRow } from "../users/store.ts";

/**
 * Sends somebody whose invitation has expired a new one, to the address it was for, which is never named. The same answer after
 * the same time, whether one was sent or not. Of one invitation that is once: then its link is an older one.
 */
export async function renewInvitation(door: Door, token: string, http: Http) {
  await door.instance.throttle({ ip: http.ip, person: `renewal ${door.tenantSlug} ${token}` });
  return steadily(
    door.run(async (ctx) => {
      await renew(ctx, token);
      return { mailKept: await isMailKept(ctx) };
    }),
  );
}

async function renew(ctx: Context, token: string) {
  if (!(await isTenantActive(ctx))) return;
  const holder = await whoseExpiredInvitation(ctx, token);
  const user = holder ? await readUserRow(ctx, holder, "lock") : undefined;
  // Of two at once the second waited here, and the first has made its link an older one.
  if (!user || !(await whoseExpiredInvitation(ctx, token))) return;
  await renewExpired(ctx, user, user.id);
}
