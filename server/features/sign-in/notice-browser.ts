import { v7 as uuid } from "uuid";
import type { Context } from "#server/context.ts";
import { hashToken, secretToken } from "#server/platform/crypto/secret-token.ts";
import type { Http } from "#server/route.ts";
import { addMessages } from "../mail/add-messages.ts";
import { whoIsWrittenTo } from "../mail/store-pending.ts";
import { readSettings } from "../tenants/settings.ts";
import { browserCookieName } from "./session-cookie.ts";
import { insertBrowser, removeMostBrowsers, seeBrowser } from "./store-browsers.ts";

export const newBrowserKind = "sign_in.new_browser";

/** Of one person; nobody has more at once, unless it is a script that keeps no cookie. */
const mostBrowsers = 50;

/**
 * Where the tenant wants it, somebody who signs in with a browser they have not used before is told by email. The browser
 * keeps a secret of its own, by which it is known again. The first one is no news: so nobody is written to when a tenant
 * begins with it, or when somebody signs in for the first time.
 */
export async function noticeBrowser(ctx: Context, userId: string, http: Http) {
  const { signInNotice } = await readSettings(ctx);
  if (!signInNotice) return;
  const kept = http.cookie(browserCookieName(ctx.tenantSlug, ctx.instance.config));
  if (kept && (await seeBrowser(ctx, userId, hashToken(kept)))) return http.keepBrowser(ctx.tenantSlug, kept);
  // What several people of a household share is one browser, known to each of them.
  const token = kept?.length === tokenLength ? kept : secretToken();
  const id = uuid();
  const { ip, userAgent } = http;
  const browser = { id, userId, idHash: hashToken(token), ip, userAgent };
  const others = await insertBrowser(ctx, browser);
  await removeMostBrowsers(ctx, userId, mostBrowsers);
  if (others && !(await isBeingTold(ctx, userId)))
    await addMessages(ctx, [{ userId, kind: newBrowserKind, dueAt: "first", about: id }]);
  http.keepBrowser(ctx.tenantSlug, token);
}

/** Whoever keeps no cookie is new each time. One notice that waits says as much as five hundred, and keeps nothing else waiting. */
const isBeingTold = async ({ tx, tenantId }: Context, userId: string) =>
  (await whoIsWrittenTo(tx, { tenantId, userIds: [userId], kinds: [newBrowserKind] })).has(userId);

const tokenLength = secretToken().length;
