import type { z } from "zod";
import type { Context } from "#server/context.ts";
import { holds } from "#server/permissions.ts";
import { violatedConstraint } from "#server/platform/db/violated-constraint.ts";
import { changedMeanwhile, ProblemError } from "#server/platform/errors.ts";
import { changesBetween } from "../audit/personal.ts";
import { record } from "../audit/record.ts";
import { revokeLinks } from "../credentials/links.ts";
import { voidTemporaryPassword } from "../credentials/store.ts";
import { holdGroups, unknownGroup } from "../groups/store.ts";
import {
  addMemberships,
  groupsOf,
  membershipSource,
  removeMemberships,
} from "../groups/store-memberships.ts";
import { withdrawMessages } from "../mail/withdraw-messages.ts";
import { emailTaken, requireGrantable } from "./add-user.ts";
import type { updateUser as contract } from "./contract.ts";
import { emailKey } from "./email-address.ts";
import { wakeIndexing } from "./index-users.ts";
import { invite } from "./invite.ts";
import { actingNow, lockUser, requireAnotherOwner } from "./lock-user.ts";
import { nameKeys } from "./person-name.ts";
import { readUser } from "./present-users.ts";
import { sendPasswordLinks } from "./send-password-links.ts";
import { lockOwners, type UserRow, writeProfile, writeSignedOut } from "./store.ts";

type Change = z.output<typeof contract.body>;

/** Changes name, email, role, language and groups of one user; what is not named stays as it is. */
export async function updateUser(asked: Context, userId: string, change: Change) {
  const owners = change.role === undefined ? [] : await lockOwners(asked);
  const ctx = change.role === undefined ? asked : await actingNow(asked, [userId]);
  const user = await lockUser(ctx, userId);
  if (user.version !== change.version) throw changedMeanwhile("user");
  if (change.role !== undefined && change.role !== user.role) {
    requireRoleChange(ctx);
    requireGrantable(ctx, change.role);
    if (user.role === "owner") requireAnotherOwner(owners, userId);
  }
  const profile = await changeProfile(ctx, user, change);
  if (change.email !== undefined && emailKey(change.email) !== emailKey(user.email))
    await followAddress(ctx, user);
  const groups = await changeGroups(ctx, userId, change);
  await record(ctx, {
    action: "user.changed",
    target: { kind: "user", id: userId },
    changes: changesBetween(
      { ...profileOf(user), groups: groups.before },
      { ...profile, groups: groups.after },
    ),
  });
  return readUser(ctx, userId);
}

function requireRoleChange({ actor }: Context) {
  if (actor.kind !== "user" || holds(actor.role, "users.change_role")) return;
  const detail = "Your role does not allow changing anybody's role.";
  throw new ProblemError(403, "user.role_not_yours_to_give", detail, { fields: { role: detail } });
}

async function changeProfile(ctx: Context, user: UserRow, change: Change) {
  const before = profileOf(user);
  const profile = {
    email: change.email ?? before.email,
    firstName: change.firstName ?? before.firstName,
    lastName: change.lastName ?? before.lastName,
    role: change.role ?? before.role,
    language: change.language === undefined ? before.language : change.language,
  };
  const keys = { emailKey: emailKey(profile.email), ...nameKeys(profile.firstName, profile.lastName) };
  try {
    await writeProfile(ctx, user.id, { ...profile, ...keys });
    await wakeIndexing(ctx);
  } catch (error) {
    throw violatedConstraint(error) === "users_email_key" ? emailTaken(profile.email) : error;
  }
  return profile;
}

const profileOf = (user: UserRow) => ({
  firstName: user.first_name,
  lastName: user.last_name,
  email: user.email,
  role: user.role,
  language: user.language,
});

/**
 * Whoever has the old mailbox holds what was sent there: links die, and so does a temporary password. What replaces them
 * goes to the new address, to somebody suspended when they are reactivated; and so does what has not been sent yet: a
 * message's address is looked up when it goes.
 */
async function followAddress(ctx: Context, { id, status }: UserRow) {
  const voided = await voidTemporaryPassword(ctx, id);
  if (voided) await writeSignedOut(ctx, id);
  if (voided || status === "invited") await withdrawMessages(ctx, [id]);
  const died = await revokeLinks(ctx, ["invitation", "reset", "set_password"], [id]);
  if (voided && status === "active") await sendPasswordLinks(ctx, [id]);
  if (status === "invited" && died.length > 0) await invite(ctx, [id]);
}

/** Answers the names of the groups before and after, for the audit log. */
async function changeGroups(ctx: Context, userId: string, { addGroupIds, removeGroupIds }: Change) {
  if (addGroupIds.length + removeGroupIds.length === 0) return { before: [], after: [] };
  const held = await holdGroups(ctx, addGroupIds);
  if (addGroupIds.some((id) => !held.has(id))) throw unknownGroup();
  const names = async () => ((await groupsOf(ctx, [userId])).get(userId) ?? []).map((group) => group.name);
  const before = await names();
  await addMemberships(ctx, membershipSource(addGroupIds.map((groupId) => ({ userId, groupId }))));
  await removeMemberships(ctx, membershipSource(removeGroupIds.map((groupId) => ({ userId, groupId }))));
  return { before, after: await names() };
}
