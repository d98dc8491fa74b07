import type { InstanceSecrets } from "#server/platform/crypto/instance-secrets.ts";

export type LinkPurpose = "invitation" | "reset" | "set_password";
export type LinkIdentity = { tenantId: string; userId: string; purpose: LinkPurpose; generation: number };

/**
 * A personal link's token: who, what for, which generation, and a signature under the instance key. Nothing of it is
 * stored, so that a message can be rendered again at any retry; use and expiry live in the row of `links`.
 */
export function linkToken(secrets: InstanceSecrets, link: LinkIdentity): string {
  const { userId, purpose, generation } = link;
  const readable = [purpose, userId.replaceAll("-", ""), generation].join(".");
  return `${readable}.${secrets.sign("link", `${link.tenantId}\0${readable}`)}`;
}

/** Whose link a token is, or undefined when it is not one we made for this tenant. */
export function readLinkToken(
  secrets: InstanceSecrets,
  tenantId: string,
  token: string,
): LinkIdentity | undefined {
  const match = /^(invitation|reset|set_password)\.([0-9a-f]{32})\.(\d{1,9})\.([\w-]{43})$/.exec(token);
  if (!match) return undefined;
  const [, purpose = "", id = "", generation = "", signature = ""] = match;
  if (!secrets.verify("link", `${tenantId}\0${purpose}.${id}.${generation}`, signature)) return undefined;
  const userId = id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return { tenantId, userId, purpose: purpose as LinkPurpose, generation: Number(generation) };
}
