import type { Context } from "#server/context.ts";
import { notFound } from "#server/platform/errors.ts";
import { groupsOf } from "../groups/store-memberships.ts";
import { latestMessages } from "../mail/store.ts";
import type { User } from "./contract.ts";
import { type InvitationRow, listInvitations, readUserRow, type UserRow } from "./store.ts";

/** Users as they are shown: with their groups, their invitation and where their latest email stands. */
export async function presentUsers(ctx: Context, rows: readonly UserRow[]): Promise<User[]> {
  const ids = rows.map((row) => row.id);
  // On their way to the database together: one trip for all three.
  const [groups, invited, messages] = await Promise.all([
    groupsOf(ctx, ids),
    listInvitations(ctx, ids),
    latestMessages(ctx.tx, ctx.tenantId, ids),
  ]);
  const invitations = new Map(invited.map((row) => [row.user_id, row]));
  return rows.map((row) => ({
    id: row.id,
    email: row.email,
    firstName: row.first_name,
    lastName: row.last_name,
    role: row.role,
    status: row.status,
    language: row.language,
    groups: (groups.get(row.id) ?? []).map(({ id, name, active }) => ({ id, name, active })),
    invitation: invitationState(invitations.get(row.id), ctx.now),
    mail: messages.get(row.id) ?? null,
    mailFailure: row.mail_failed_at && {
      at: row.mail_failed_at.toISOString(),
      reply: row.mail_failed_reply ?? "",
    },
    createdAt: row.created_at.toISOString(),
    lastSignInAt: row.last_sign_in_at?.toISOString() ?? null,
    hasSecondFactor: row.has_factor,
    version: row.version,
  }));
}

export async function readUser(ctx: Context, userId: string): Promise<User> {
  const row = await readUserRow(ctx, userId);
  const [user] = row ? await presentUsers(ctx, [row]) : [];
  if (!user) throw notFound("user");
  return user;
}

function invitationState(row: InvitationRow | undefined, now: Date): User["invitation"] {
  if (!row) return null;
  if (row.used_at) return "accepted";
  if (row.revoked_at) return "revoked";
  return row.expires_at <= now ? "expired" : "pending";
}
