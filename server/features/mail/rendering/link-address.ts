import type { Context } from "#server/context.ts";

/** A personal link. Its secret is in the fragment, which no server and no log ever sees. */
export const linkAddress = ({ instance, tenantSlug }: Context, token: string) =>
  `${instance.config.publicUrl}/t/${tenantSlug}/link#${token}`;
