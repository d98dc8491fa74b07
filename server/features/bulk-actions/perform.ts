import type { Context } from "#server/context.ts";
import { idsSource } from "#server/platform/db/sql-source.ts";
import { recordAll } from "../audit/record.ts";
import { holdGroups } from "../groups/store.ts";
import { addingParts, changeMemberships, removingParts } from "../groups/store-memberships.ts";
import { resendInvitations, revokeInvitations } from "../invitations/resend-invitation.ts";
import { withdrawMessages } from "../mail/withdraw-messages.ts";
import { clearMailFailures } from "../messages/clear-mail-failure.ts";
import { deleteUsers } from "../users/deletion/delete-users.ts";
import { reactivateUsers } from "../users/reactivate-users.ts";
import { sendPasswordLinks } from "../users/send-password-links.ts";
import { suspendUsers } from "../users/suspend-users.ts";
import type { BulkWork } from "./classify.ts";
import type { Classified } from "./store-people.ts";

/** Whom it changed; where it is about groups, by group. */
type Changed = ReadonlyMap<string, readonly string[]>;

/** Does it to people whom this transaction has locked, all at once, by what does it to one. */
export async function perform(ctx: Context, work: BulkWork, people: readonly Classified[]): Promise<Changed> {
  if (people.length === 0) return new Map();
  const ids = people.map(({ id }) => id);
  switch (work.action) {
    case "add_to_groups":
    case "remove_from_groups":
      return changeGroups(ctx, work, ids);
    case "suspend":
      await suspendUsers(ctx, people);
      break;
    case "reactivate":
      await reactivateUsers(ctx, people, work.undoing ? "as it waited" : "now");
      break;
    case "delete":
      await deleteUsers(ctx, ids);
      break;
    case "resend_invitation":
      await resendInvitations(ctx, ids);
      break;
    case "revoke_invitation":
      await revokeInvitations(ctx, ids);
      break;
    case "send_password_link":
      await sendLinks(ctx, ids);
      break;
    case "clear_mail_failure":
      await clearMailFailures(ctx, ids);
      break;
  }
  return new Map([["", ids]]);
}

/** Each group's event says how many; who they were stands with the action. */
async function changeGroups(ctx: Context, work: BulkWork, ids: readonly string[]) {
  const held = [...(await holdGroups(ctx, work.groupIds))];
  const adding = work.action === "add_to_groups";
  const changed = await changeMemberships(ctx, (adding ? addingParts : removingParts)(idsSource(ids), held));
  await recordMembers(ctx, work, new Map([...changed].map(([id, { length }]) => [id, length])));
  return changed;
}

/** By the batch it names, whoever asks about one of these people finds the event. */
export const recordMembers = (
  ctx: Context,
  { action, batch, undoing }: BulkWork,
  members: ReadonlyMap<string, number>,
) =>
  recordAll(
    ctx,
    [...members].map(([id, many]) => ({
      action: "group.members_changed",
      target: { kind: "group", id },
      details: {
        ...(action === "add_to_groups" ? { added: many, removed: 0 } : { added: 0, removed: many }),
        ...(batch && { bulkAction: batch.actionId, batch: batch.no, ...(undoing && { undo: true }) }),
      },
    })),
  );

async function sendLinks(ctx: Context, ids: readonly string[]) {
  await withdrawMessages(ctx, ids, { kinds: ["user.set_password"] });
  await sendPasswordLinks(ctx, ids);
  await recordAll(
    ctx,
    ids.map((id) => ({ action: "user.password_link_sent", target: { kind: "user", id } })),
  );
}
