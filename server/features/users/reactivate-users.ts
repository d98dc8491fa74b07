import type { Context } from "#server/context.ts";
import { recordAll } from "../audit/record.ts";
import { type CredentialOf, lockedCredentials } from "../credentials/store.ts";
import { latestMessages } from "../mail/store.ts";
import { invite } from "./invite.ts";
import { sendWelcomes } from "./resend-credentials.ts";
import { type UserRow, writeStatuses } from "./store.ts";

type Suspended = Pick<UserRow, "id" | "last_sign_in_at">;

/**
 * Lets suspended users in again, whom this transaction has locked. Whoever never got their first email (imported as
 * suspended, or withdrawn) gets it now, and so does whoever has no password any more (their address was corrected meanwhile).
 */
export async function reactivateUsers(ctx: Context, people: readonly Suspended[]): Promise<void> {
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
  await welcome(ctx, people, credentials);
}

async function welcome(ctx: Context, people: readonly Suspended[], credentials: CredentialOf) {
  const told = await latestMessages(
    ctx.tx,
    ctx.tenantId,
    people.map(({ id }) => id),
  );
  const unmet = people
    .filter(({ id, last_sign_in_at }) => {
      const welcomed = last_sign_in_at !== null || told.get(id)?.state === "accepted";
      return !welcomed || credentials.get(id)?.password_hash === null;
    })
    .map(({ id }) => id);
  const invited = unmet.filter((id) => !credentials.has(id));
  const created = unmet.filter((id) => credentials.has(id));
  if (invited.length > 0) await invite(ctx, invited);
  if (created.length > 0) await sendWelcomes(ctx, created, credentials);
}
