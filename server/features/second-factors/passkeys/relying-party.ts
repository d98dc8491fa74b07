import type { Config } from "#server/platform/config/config.ts";

/** For whom passkeys are made: they belong to the host that people type, whichever tenant they are at. */
export function relyingParty({ publicUrl }: Pick<Config, "publicUrl">) {
  const { hostname, origin } = new URL(publicUrl);
  return { rpID: hostname, origin };
}
