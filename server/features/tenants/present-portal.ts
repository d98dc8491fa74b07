import type { Context } from "#server/context.ts";
import { notFound } from "#server/platform/errors.ts";
import type { Portal } from "./contract.ts";
import { readSettingsRow } from "./store.ts";
import { readLogoDigest } from "./store-logos.ts";
import { readableSettings } from "./tenant-settings.ts";

/** What is shown of a tenant to whoever comes to its address, and what its people's screens go by. */
export async function presentPortal(ctx: Context) {
  const row = await readSettingsRow(ctx.tx, ctx.tenantId);
  if (row?.status !== "active") throw notFound("portal");
  const settings = readableSettings(row.settings);
  const { accent, passwordMinimum, renewInvitations, passkeySignIn } = settings;
  const portal: Portal = {
    slug: row.slug,
    name: row.name,
    accent,
    logo: await readLogoDigest(ctx),
    passwordMinimum,
    renewInvitations,
    passkeySignIn,
  };
  return { portal, settings };
}
