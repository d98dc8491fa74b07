import type { LinkPurpose } from "#server/features/credentials/link-token.ts";
import { linkTokens, makeLinks } from "#server/features/credentials/links.ts";
import { idsSource } from "#server/platform/db/sql-source.ts";
import type { TestTenant } from "./tenant.ts";

/** The token of a person's open link, as the email carries it. */
export async function tokenOf(tenant: TestTenant, userId: string, purpose: LinkPurpose): Promise<string> {
  const tokens = await tenant.run((ctx) => linkTokens(ctx, purpose, [userId]));
  const link = tokens.get(userId);
  if (!link) throw new Error(`There is no open ${purpose} link of ${userId}.`);
  return link.token;
}

export const invitationToken = (tenant: TestTenant, userId: string) => tokenOf(tenant, userId, "invitation");

/** Makes somebody a link of an hour, without an email, and answers its token. */
export async function makeLink(tenant: TestTenant, userId: string, purpose: LinkPurpose): Promise<string> {
  const expiresAt = new Date(Date.now() + 3_600_000);
  await tenant.run((ctx) => makeLinks(ctx, purpose, { people: idsSource([userId]), expiresAt }));
  return tokenOf(tenant, userId, purpose);
}
