import type { Context } from "#server/context.ts";
import { recordAll } from "../audit/record.ts";
import { revokeLinks } from "../credentials/links.ts";
import { withdrawMessages } from "../mail/withdraw-messages.ts";
import { type UserRow, writeStatuses } from "./store.ts";

/** Suspends users who are not yet, whom this transaction has locked and who may be: the rules are whoever calls it's. */
export async function suspendUsers(ctx: Context, people: readonly Pick<UserRow, "id" | "status">[]) {
  if (people.length === 0) return;
  const ids = people.map(({ id }) => id);
  await writeStatuses(ctx, ids, "suspended");
  await withdrawMessages(ctx, ids, "keeping secrets");
  await revokeLinks(ctx, ["reset", "set_password"], ids);
  await recordAll(
    ctx,
    people.map(({ id, status }) => ({
      action: "user.suspended",
      target: { kind: "user", id },
      changes: { status: { before: status, after: "suspended" } },
    })),
  );
}
