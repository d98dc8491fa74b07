import type { Context } from "#server/context.ts";
import { after, type SqlSource } from "#server/platform/db/sql-source.ts";
import { ProblemError } from "#server/platform/errors.ts";
import { daysSettingSql } from "../tenants/days-setting-sql.ts";
import { type LinkPurpose, linkToken, readLinkToken } from "./link-token.ts";
import { atMostDays, daysAfter } from "./validity.ts";

type LinkRow = {
  user_id: string;
  generation: number;
  expires_at: Date;
  used_at: Date | null;
  revoked_at: Date | null;
};

const columns = "user_id, generation, expires_at, used_at, revoked_at";

type NewLinks = {
  /** `user_id` of each. */
  people: SqlSource;
  expiresAt: Date;
};

/** The first links of people whom this transaction has just made: there is none that would have to die. */
export const makeFirstLinks = ({ tx, tenantId, now }: Context, purpose: LinkPurpose, links: NewLinks) =>
  tx.run(insertLinks(links.people), [tenantId, ...links.people.values, purpose, now, links.expiresAt]);

const insertLinks = (people: SqlSource) =>
  `insert into links (tenant_id, user_id, purpose, made_at, expires_at)
   select $1, p.user_id, ${after(people, 1)}, ${after(people, 2)}, ${after(people, 3)} from (${people.sql}) p`;

/** Makes a fresh link of a purpose for each of these people; an earlier one of that purpose dies. */
export async function makeLinks(ctx: Context, purpose: LinkPurpose, { people, expiresAt }: NewLinks) {
  await ctx.tx.run(
    `${insertLinks(people)}
     on conflict (tenant_id, user_id, purpose) do update
       set generation = links.generation + 1, made_at = excluded.made_at, expires_at = excluded.expires_at,
           used_at = null, revoked_at = null`,
    [ctx.tenantId, ...people.values, purpose, ctx.now, expiresAt],
  );
}

/** The tokens of all links of a purpose that can still be used. */
export async function linkTokens(ctx: Context, purpose: LinkPurpose, userIds: readonly string[]) {
  const rows = await ctx.tx.rows<LinkRow>(
    `select ${columns} from links
      where tenant_id = $1 and user_id = any($2) and purpose = $3
        and used_at is null and revoked_at is null and expires_at > $4`,
    [ctx.tenantId, userIds, purpose, ctx.now],
  );
  return new Map(
    rows.map(({ user_id, generation, expires_at }) => {
      const identity = { tenantId: ctx.tenantId, userId: user_id, purpose, generation };
      return [user_id, { token: linkToken(ctx.instance.secrets, identity), expiresAt: expires_at }];
    }),
  );
}

/** Their email was accepted: from now on the days count. The same link in a second email is not good for longer. */
export function startLinkExpiry(ctx: Context, purpose: LinkPurpose, userIds: readonly string[]): void {
  ctx.tx.send(
    `update links set expires_at = least(expires_at, $4::timestamptz + make_interval(hours => 24 * ${daysSettingSql("invitationDays")}))
      where tenant_id = $1 and user_id = any($2) and purpose = $3 and used_at is null and revoked_at is null`,
    [ctx.tenantId, userIds, purpose, ctx.now],
  );
}

/** Makes these people's open links useless. Answers whose. */
export async function revokeLinks(
  ctx: Context,
  purposes: readonly LinkPurpose[],
  userIds: readonly string[],
) {
  const rows = await ctx.tx.rows<{ user_id: string }>(
    `update links set revoked_at = $4
      where tenant_id = $1 and user_id = any($2) and purpose = any($3) and used_at is null and revoked_at is null
      returning user_id`,
    [ctx.tenantId, userIds, purposes, ctx.now],
  );
  return rows.map((row) => row.user_id);
}

export type OpenLink = { userId: string; purpose: LinkPurpose; generation: number; expiresAt: Date };

async function findLink(ctx: Context, token: string) {
  const identity = readLinkToken(ctx.instance.secrets, ctx.tenantId, token);
  if (!identity) return undefined;
  const row = await ctx.tx.row<LinkRow>(
    `select ${columns} from links where tenant_id = $1 and user_id = $2 and purpose = $3`,
    [ctx.tenantId, identity.userId, identity.purpose],
  );
  return row && { identity, row };
}

/** Whose invitation a token is, where nothing is wrong with it but its age. */
export async function whoseExpiredInvitation(ctx: Context, token: string): Promise<string | undefined> {
  const { identity, row } = (await findLink(ctx, token)) ?? {};
  if (identity?.purpose !== "invitation" || row?.generation !== identity.generation) return undefined;
  return row.used_at || row.revoked_at || row.expires_at > ctx.now ? undefined : identity.userId;
}

/** Has this person an invitation with which nothing is wrong but its age? */
export const hasExpiredInvitation = async ({ tx, tenantId, now }: Context, userId: string) =>
  (await tx.row(
    `select from links
      where tenant_id = $1 and user_id = $2 and purpose = 'invitation'
        and used_at is null and revoked_at is null and expires_at <= $3`,
    [tenantId, userId, now],
  )) !== undefined;

/** Looks at a link without using it up; throws what is wrong with it. */
export async function readLink(ctx: Context, token: string): Promise<OpenLink> {
  const found = await findLink(ctx, token);
  if (!found) throw linkProblems.invalid();
  const { row } = found;
  const { userId, purpose, generation } = found.identity;
  if (row.generation !== generation) throw linkProblems.replaced();
  if (row.used_at) throw linkProblems.used();
  if (row.revoked_at) throw linkProblems.revoked();
  if (row.expires_at <= ctx.now) throw linkProblems.expired();
  return { userId, purpose, generation, expiresAt: row.expires_at };
}

/** Uses up every open link of a person: who has set a password needs none of them. */
export async function spendLinks(ctx: Context, userId: string) {
  await ctx.tx.run(
    `update links set used_at = $3
      where tenant_id = $1 and user_id = $2 and used_at is null and revoked_at is null`,
    [ctx.tenantId, userId, ctx.now],
  );
}

const problem = (status: number, code: string, detail: string) => () =>
  new ProblemError(status, code, detail);

export const linkProblems = {
  invalid: problem(
    404,
    "link.invalid",
    "This link is not complete, or not one of ours. Open it again from the email, or copy all of it.",
  ),
  replaced: problem(
    410,
    "link.revoked",
    "A newer email with a newer link was sent to you. Use the link in the newest one.",
  ),
  used: problem(
    410,
    "link.used",
    "This link has already been used to set a password. Sign in with that password.",
  ),
  revoked: problem(
    410,
    "link.revoked",
    "This link was withdrawn. Ask an administrator of your organisation for a new one.",
  ),
  expired: problem(410, "link.expired", "This link is too old. Ask for a new one."),
};

/** Every personal link of somebody, without what would open it. */
export const listLinks = ({ tx, tenantId }: Context, userId: string) =>
  tx.rows<{
    purpose: LinkPurpose;
    madeAt: Date;
    expiresAt: Date;
    usedAt: Date | null;
    revokedAt: Date | null;
  }>(
    `select purpose, made_at as "madeAt", expires_at as "expiresAt", used_at as "usedAt", revoked_at as "revokedAt"
       from links where tenant_id = $1 and user_id = $2 order by purpose`,
    [tenantId, userId],
  );

/** As if there had never been any. */
export const removeLinks = ({ tx, tenantId }: Context, userIds: readonly string[]) =>
  tx.run("delete from links where tenant_id = $1 and user_id = any($2)", [tenantId, userIds]);

/** The longest time invitations may be open counts from now: their emails waited until somebody let them go. */
export const restartInvitations = ({ tx, tenantId, now }: Context, userIds: readonly string[]) =>
  tx.run(
    `update links set expires_at = $3
      where tenant_id = $1 and user_id = any($2) and purpose = 'invitation' and used_at is null and revoked_at is null`,
    [tenantId, userIds, daysAfter(now, atMostDays)],
  );
