import type { Context } from "#server/context.ts";
import { notFound } from "#server/platform/errors.ts";
import { readSettings } from "../../tenants/settings.ts";
import type { Language } from "../../tenants/tenant-settings.ts";
import { renderMessage } from "../rendering/render-message.ts";
import { masked } from "../rendering/render-preview.ts";
import { readSendingTenant, tenantValues } from "../rendering/sending-tenant.ts";
import type { Placeholder, Wording } from "../shapes.ts";
import { refuseUnknownPlaceholders } from "./change-wording.ts";
import { requireKind } from "./present-wordings.ts";

type Wanted = { kind: string; language: Language; wording: Wording };

const dayMs = 86_400_000;

/** Somebody who does not exist, and everything an email may name. */
const sampleOf = (
  now: Date,
  days: number,
): Record<Exclude<Placeholder, "organisation" | "signInAddress">, string | Date> => ({
  firstName: "Eva",
  lastName: "Berg",
  email: "eva.berg@example.org",
  validUntil: new Date(now.getTime() + days * dayMs),
  signedInAt: now,
  fileName: "people.csv",
});

/** What an email would look like with these words, to somebody who does not exist. Nothing is kept. */
export async function previewWording(ctx: Context, { kind: name, language, wording }: Wanted) {
  const kind = requireKind(name);
  refuseUnknownPlaceholders(kind, wording);
  const tenant = await readSendingTenant(ctx);
  if (!tenant) throw notFound("tenant");
  const secrets = Object.fromEntries(kind.secrets.map((secret) => [secret, masked]));
  const own = { ...kind, wordings: { ...kind.wordings, [language]: wording } };
  return renderMessage(
    own,
    { timeZone: tenant.timeZone, language },
    {
      ...sampleOf(ctx.now, kind.worksFor?.(await readSettings(ctx)) ?? 0),
      ...kind.samples,
      ...tenantValues(ctx.instance.config.publicUrl, tenant),
      ...secrets,
    },
  );
}
