import type { Context } from "#server/context.ts";

const date = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "short", timeZone: "UTC" });

/** Saturday, 28 November 2026 at 09:30 UTC: nobody has to know where the server stands. */
export const writtenDate = (at: Date) => `${date.format(at)} UTC`;

/** A personal link. Its secret is in the fragment, which no server and no log ever sees. */
export const linkAddress = ({ instance, tenantSlug }: Context, token: string) =>
  `${instance.config.publicUrl}/t/${tenantSlug}/link#${token}`;
