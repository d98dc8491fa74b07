import type { Context } from "#server/context.ts";
import { type Answers, answersPart, type Letterhead, letterheadPart } from "../../tenants/letter-changes.ts";
import { listChangesAfter } from "../../tenants/store-letter-changes.ts";
import { readPastLogo } from "../../tenants/store-logos.ts";
import { readableSettings } from "../../tenants/tenant-settings.ts";
import type { MessageKind } from "../kinds.ts";
import { noOwnWordings, withPastWords } from "../wordings/own-wordings.ts";
import { printable, type SendingTenant, tenantValues } from "./sending-tenant.ts";
import { readEdition } from "./store-sending-tenant.ts";

/** Stands where something stood that nobody knows any more. */
export const unknown = "…";

type Sent = { id: string; finishedAt: Date };
type Made = { kind: MessageKind; tenant: SendingTenant; sent: Sent };

/** A tenant as it was when a message of that kind was sent, and what that email named of it. */
export async function pastLetter(ctx: Context, { kind, tenant, sent }: Made) {
  const changes = await listChangesAfter(ctx, await readEdition(ctx, sent));
  const past = new Map(changes.map(({ part, was }) => [part, was]));
  const wordings = withPastWords(tenant.wordings ?? noOwnWordings, kind, past);
  const then = {
    ...tenant,
    wordings,
    ...letterheadOf(past.get(letterheadPart), tenant),
    ...answersOf(past.get(answersPart)),
  };
  const { logo, ...values } = tenantValues(ctx.instance.config.publicUrl, then);
  const shown = then.logo === tenant.logo ? logo : await pictureOf(ctx, then.logo);
  return { tenant: then, values: { ...values, ...(shown && { logo: shown }) } };
}

/** What an older or newer Muster has kept is read as settings are. */
function letterheadOf(was: Record<string, unknown> | undefined, tenant: SendingTenant) {
  if (!was) return {};
  const { name, logo } = was as Partial<Letterhead>;
  const { accent, timeZone, language } = readableSettings(was);
  return {
    name: name ?? tenant.name,
    logo: logo ?? null,
    accent: printable(accent),
    timeZone,
    language,
  };
}

function answersOf(was: Record<string, unknown> | undefined) {
  if (!was) return {};
  const { asked } = was as Partial<Answers>;
  return { replyTo: asked ? unknown : "" };
}

/** In the email itself: only the logo of today is for anyone to see. Undefined where it is not kept any more. */
async function pictureOf(ctx: Context, digest: string | null | undefined) {
  const logo = digest ? await readPastLogo(ctx, digest) : undefined;
  return logo && `data:${logo.mediaType};base64,${logo.content.toString("base64")}`;
}
