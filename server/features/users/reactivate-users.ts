import type { Context } from "#server/context.ts";
import { recordAll } from "../audit/record.ts";
import { type CredentialOf, credentialsOf, lockedCredentials } from "../credentials/store.ts";
import type { MailTime } from "../mail/add-messages.ts";
import { latestMessages, withdrawnWaiting } from "../mail/store.ts";
import { invite } from "./invite.ts";
import { sendWelcomes } from "./resend-credentials.ts";
import { type UserRow, writeStatuses } from "./store.ts";

type Suspended = Pick<UserRow, "id" | "last_sign_in_at">;

/**
 * Lets suspended users in again, whom this transaction has locked. Whoever never got their first email (imported as
 * suspended, or withdrawn) gets it now, and so does whoever has no password any more (their address was corrected meanwhile).
 * "As it waited": where the one that was withdrawn was held, or before its time, so is the new one.
 */
export async function reactivateUsers(
  ctx: Context,
  people: readonly Suspended[],
  mail: "now" | "as it waited" = "now",
): Promise<void> {
  if (people.length === 0) return;
  const ids = people.map(({ id }) => id);
  const credentials = await lockedCredentials(ctx, ids);
  await writeStatuses(
    ctx,
    ids.filter((id) => credentials.has(id)),
    "active",
  );
  const invited = ids.filter((id) => !credentials.has(id));
  await writeStatuses(ctx, invited, "invited");
  await recordAll(
    ctx,
    ids.map((id) => ({
      action: "user.reactivated",
      target: { kind: "user", id },
      changes: { status: { before: "suspended", after: credentials.has(id) ? "active" : "invited" } },
    })),
  );
  const unmet = await findUnmet(ctx, people, credentials);
  const waited = mail === "now" ? [] : unmet;
  const times = await withdrawnWaiting(ctx.tx, { ...ctx, userIds: waited });
  for (const [time, userIds] of Map.groupBy(unmet, (id) => timeOf(times.get(id))))
    await welcome(ctx, userIds, { credentials, when: typeof time === "number" ? new Date(time) : time });
}

/** How many emails letting these suspended people in again makes, as it waited; those that then wait are counted apart. */
export async function countWelcomes(ctx: Context, people: readonly Suspended[]) {
  const ids = people.map(({ id }) => id);
  const unmet = await findUnmet(ctx, people, await credentialsOf(ctx, ids));
  const { size: waiting } = await withdrawnWaiting(ctx.tx, { ...ctx, userIds: unmet });
  return { atOnce: unmet.length - waiting, waiting };
}

/** Whoever of them was never welcomed, or has no password any more. */
async function findUnmet(ctx: Context, people: readonly Suspended[], credentials: CredentialOf) {
  const told = await latestMessages(
    ctx.tx,
    ctx.tenantId,
    people.map(({ id }) => id),
  );
  return people
    .filter(({ id, last_sign_in_at }) => {
      const state = told.get(id)?.state;
      const welcomed = last_sign_in_at !== null || state === "accepted" || state === "kept";
      return !welcomed || credentials.get(id)?.password_hash === null;
    })
    .map(({ id }) => id);
}

/** Something to group by: two dates are never the same. */
const timeOf = (waited: Date | "held" | undefined) =>
  waited instanceof Date ? waited.getTime() : (waited ?? "now");

type Welcome = { credentials: CredentialOf; when: MailTime };

async function welcome(ctx: Context, userIds: readonly string[], { credentials, when }: Welcome) {
  const invited = userIds.filter((id) => !credentials.has(id));
  const created = userIds.filter((id) => credentials.has(id));
  if (invited.length > 0) await invite(ctx, invited, { when });
  if (created.length > 0) await sendWelcomes(ctx, created, { credentials, when });
}
