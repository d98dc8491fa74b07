import type { Context } from "#server/context.ts";
import type { LinkPurpose } from "../credentials/link-token.ts";
import { linkTokens } from "../credentials/links.ts";
import { daysAfter } from "../credentials/validity.ts";
import type { PendingMessage } from "../mail/kinds.ts";
import { linkAddress } from "../mail/rendering/link-address.ts";
import { readSettings } from "../tenants/settings.ts";
import { contentsOf } from "./message-contents.ts";

/** What messages with a personal link say: the link as it is now, and until when it works. */
export async function linkContents(ctx: Context, messages: readonly PendingMessage[], purpose: LinkPurpose) {
  const userIds = messages.map((message) => message.userId);
  const links = await linkTokens(ctx, purpose, userIds);
  const { invitationDays } = await readSettings(ctx);
  return contentsOf(ctx, messages, (userId, { status }) => {
    const link = links.get(userId);
    if (!link) return { withdraw: "The link was used, replaced, revoked, or is too old." };
    if (purpose === "invitation" && status !== "invited") return { withdraw: "The invitation was accepted." };
    const inDays = daysAfter(ctx.now, invitationDays);
    return {
      link: linkAddress(ctx, link.token),
      validUntil: new Date(Math.min(link.expiresAt.getTime(), inDays.getTime())),
    };
  });
}
