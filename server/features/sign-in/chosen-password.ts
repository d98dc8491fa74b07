import type { Context } from "#server/context.ts";
import type { OpenLink } from "../credentials/links.ts";
import type { BegunSignIn } from "./store-begun.ts";

/** The hash of a password that somebody with a second factor has chosen by a link, and that link. */
export type ChosenPassword = { hash: string; link: Pick<OpenLink, "purpose" | "generation"> };

type Begun = { userId: string; idHash: Buffer };

const contextOf = ({ tenantId }: Context, { userId, idHash }: Begun) =>
  `chosen password:${tenantId}:${userId}:${idHash.toString("hex")}`;

/** Opens for this begun sign-in of this user only: what somebody writes into another row is no password there. */
export const sealChosen = (ctx: Context, begun: Begun, { hash, link }: ChosenPassword) => ({
  sealedHash: ctx.instance.secrets.seal(hash, contextOf(ctx, begun)),
  ...link,
});

/** What takes effect with a begun sign-in; undefined where nothing does. */
export function openChosen(
  ctx: Context,
  idHash: Buffer,
  { user_id: userId, sealed_hash: sealed, link_purpose: purpose }: BegunSignIn,
) {
  if (!sealed || !purpose) return undefined;
  return { purpose, hash: ctx.instance.secrets.open(sealed, contextOf(ctx, { userId, idHash })).toString() };
}
