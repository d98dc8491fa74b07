import type { z } from "zod";
import type { Context } from "#server/context.ts";
import { mayManage } from "#server/permissions.ts";
import { ProblemError } from "#server/platform/errors.ts";
import { record } from "../audit/record.ts";
import { resendInvitation } from "../invitations/resend-invitation.ts";
import { addMessages } from "../mail/add-messages.ts";
import { isMustersOwn, kindNamed } from "../mail/kinds.ts";
import { isMailKept } from "../mail/own-server/is-mail-kept.ts";
import { latestMessages } from "../mail/store.ts";
import { listUnreached, type UnreachedPerson } from "../mail/store-list.ts";
import { invite } from "../users/invite.ts";
import { lockUser } from "../users/lock-user.ts";
import { resendCredentials } from "../users/resend-credentials.ts";
import { sendPasswordLinks } from "../users/send-password-links.ts";
import { lockUsers } from "../users/store.ts";
import type { retryFailedMessages } from "./contract.ts";
import { isFinished, isRole, presentMessage, readFilter, requireMessage } from "./find-messages.ts";

/** So many people are written to again in one transaction. */
const retriedAtOnce = 2_000;

/**
 * Sends a message again. What tells of an account goes as it would go now: with a new link where the old one is of no use.
 * Anything else goes as it is. Answers the new message.
 */
export async function resendMessage(ctx: Context, messageId: string) {
  const message = await requireMessage(ctx, messageId);
  const user = await lockUser(ctx, message.user_id);
  if (isMustersOwn(kindNamed(message.kind))) {
    const words = "This notice is Muster's own, and goes once. What it tells of is in Audit.";
    throw new ProblemError(409, "message.sent_once", words);
  }
  if (!isFinished(message)) {
    throw new ProblemError(
      409,
      "message.not_finished",
      "This email is still on its way. Withdraw it first, or wait.",
    );
  }
  if (user.mail_failed_at) {
    throw new ProblemError(
      409,
      "user.mail_failed",
      `Email to ${user.email} came back. Correct the address, or clear the mark if it works again; then send.`,
    );
  }
  if (!message.kind.startsWith("user.")) {
    await addMessages(ctx, [{ userId: user.id, kind: message.kind, about: message.about }]);
    await record(ctx, { action: "message.resent", target: { kind: "message", id: messageId } });
  } else if (user.status === "invited") await resendInvitation(ctx, user.id);
  else await resendCredentials(ctx, user.id);
  const latest = (await latestMessages(ctx.tx, ctx.tenantId, [user.id])).get(user.id);
  return presentMessage(await requireMessage(ctx, latest?.messageId ?? messageId));
}

/**
 * Writes again to everybody whose latest message failed, or was kept while there was no mail server, and is one of these: a new invitation, or a link to set a password.
 * Only to people the actor may administer, and to nobody whose address has to be corrected first.
 */
export async function retryFailed(
  ctx: Context,
  { state, ...filter }: z.output<typeof retryFailedMessages.body>,
) {
  const which = {
    filter: await readFilter(ctx, filter),
    state,
    orKept: !(await isMailKept(ctx)),
    limit: retriedAtOnce,
  };
  const first = await listUnreached(ctx.tx, ctx.tenantId, which);
  // Of two who press at once the second waits here, and then sees what the first has sent.
  await lockUsers(ctx, idsOf(first));
  const locked = new Set(idsOf(first));
  const people = (await listUnreached(ctx.tx, ctx.tenantId, which)).filter(
    (one) => locked.has(one.user_id) && mayWriteTo(ctx, one),
  );
  const invited = people.filter(({ status }) => status === "invited");
  const others = people.filter(({ status }) => status === "active");
  if (invited.length > 0) await invite(ctx, idsOf(invited));
  if (others.length > 0) await sendPasswordLinks(ctx, idsOf(others));
  if (people.length > 0)
    await record(ctx, { action: "messages.retried", details: { emails: people.length } });
  return { retried: people.length, more: first.length === retriedAtOnce && people.length > 0 };
}

const idsOf = (people: readonly UnreachedPerson[]) => people.map((one) => one.user_id);

const mayWriteTo = ({ actor }: Context, { role }: UnreachedPerson) =>
  actor.kind !== "user" || (isRole(role) && mayManage(actor.role, role));
