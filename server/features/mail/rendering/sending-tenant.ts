import type { Context } from "#server/context.ts";
import { readable } from "../../tenants/accent.ts";
import { readSettingsRow } from "../../tenants/store.ts";
import { readLogoDigest } from "../../tenants/store-logos.ts";
import { readableSettings } from "../../tenants/tenant-settings.ts";
import { type OwnWordings, ownWordings } from "../wordings/own-wordings.ts";
import { readWordings } from "../wordings/store-wordings.ts";
import type { Values } from "./render-message.ts";
import type { Place } from "./written-date.ts";

/** A tenant as its emails show it. */
export type SendingTenant = Place & {
  id: string;
  slug: string;
  name: string;
  senderName?: string;
  replyTo?: string;
  /** As a colour that can be read on white, and white on it. */
  accent?: string;
  /** Names the picture. */
  logo?: string | null;
  wordings?: OwnWordings;
  /** Whom emails come from, where the tenant sends by a mail server of its own. */
  ownAddress?: string;
};

export const usualAccent = "#0e5b75";

/** Undefined: it is suspended or deleted, and sends nothing. */
export async function readSendingTenant(
  ctx: Pick<Context, "tx" | "tenantId">,
): Promise<SendingTenant | undefined> {
  const row = await readSettingsRow(ctx.tx, ctx.tenantId);
  if (row?.status !== "active") return undefined;
  const { id, slug, name } = row;
  const settings = readableSettings(row.settings);
  const { language, timeZone, senderName, replyTo } = settings;
  const accent = readable(settings.accent ?? usualAccent, "#000000", ["#ffffff", "#f6f8fa"]);
  const logo = await readLogoDigest(ctx);
  const wordings = ownWordings(await readWordings(ctx));
  return { id, slug, name, language, timeZone, senderName, replyTo, accent, logo, wordings };
}

/** What every email of a tenant names. */
export function tenantValues(publicUrl: string, tenant: SendingTenant): Values {
  const { slug, name, replyTo, accent = usualAccent, logo } = tenant;
  return {
    organisation: name,
    signInAddress: `${publicUrl}/t/${slug}/`,
    accent,
    ...(replyTo && { replyTo }),
    ...(logo && { logo: `${publicUrl}/api/v1/t/${slug}/logo?${logo}` }),
  };
}
