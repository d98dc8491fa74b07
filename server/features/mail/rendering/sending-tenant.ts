import type { Context } from "#server/context.ts";
import { readable } from "../../tenants/accent.ts";
import { readableSettings } from "../../tenants/tenant-settings.ts";
import { type OwnWordings, ownWordings } from "../wordings/own-wordings.ts";
import type { Values } from "./render-message.ts";
import { readSendingTenantRow } from "./store-sending-tenant.ts";
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
  /** How many times what its emails are made of has been changed. */
  edition?: number;
  /** Whom emails come from, where the tenant sends by a mail server of its own. */
  ownAddress?: string;
  /** Where reports go of emails by that server that came back. */
  ownBounceAddress?: string;
};

export const usualAccent = "#0e5b75";

/** Undefined: it is suspended or deleted, and sends nothing. */
export async function readSendingTenant(
  ctx: Pick<Context, "tx" | "tenantId">,
): Promise<SendingTenant | undefined> {
  const row = await readSendingTenantRow(ctx);
  if (row?.status !== "active") return undefined;
  const { id, slug, name, logo, edition } = row;
  const settings = readableSettings(row.settings);
  const { language, timeZone, senderName, replyTo } = settings;
  const accent = printable(settings.accent);
  const wordings = ownWordings(row.wordings);
  return { id, slug, name, language, timeZone, senderName, replyTo, accent, logo, wordings, edition };
}

/** As a colour that can be read on the white and grey of emails, and white on it. */
export const printable = (accent: string | null) =>
  readable(accent ?? usualAccent, "#000000", ["#ffffff", "#f6f8fa"]);

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
