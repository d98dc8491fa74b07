import type { Context } from "#server/context.ts";
import { recordAll } from "../audit/record.ts";
import { type CredentialOf, lockedCredentials } from "../credentials/store.ts";
import type { MailTime } from "../mail/add-messages.ts";
import { withdrawnWaiting } from "../mail/store.ts";
import { invite } from "./invite.ts";
import { sendWelcomes } from "./resend-credentials.ts";
import { type UserRow, writeStatuses } from "./store.ts";
import { listUnmet } from "./store-unmet.ts";

type Suspended = Pick<UserRow, "id">;

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
  const unmet = await listUnmet(ctx, ids);
  const waited = mail === "now" ? [] : unmet;
  const times = await withdrawnWaiting(ctx.tx, { ...ctx, userIds: waited });
  for (const [time, userIds] of Map.groupBy(unmet, (id) => timeOf(times.get(id))))
    await welcome(ctx, userIds, { credentials, when: typeof time === "number" ? new Date(time) : time });
}

/** How many emails letting these suspended people in again makes, as it waited; those that then wait are counted apart. */
export async function countWelcomes(ctx: Context, people: readonly Suspended[]) {
  const unmet = await listUnmet(
    ctx,
    people.map(({ id }) => id),
  );
  const { size: waiting } = await withdrawnWaiting(ctx.tx, { ...ctx, userIds: unmet });
  return { atOnce: unmet.length - waiting, waiting };
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
