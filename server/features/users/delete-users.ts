import type { Context } from "#server/context.ts";
import { recordAll } from "../audit/record.ts";
import { revokeLinks } from "../credentials/links.ts";
import { discardSealedPasswords } from "../credentials/store.ts";
import { removeAllMemberships } from "../groups/store.ts";
import { withdrawMessages } from "../mail/withdraw-messages.ts";
import { type UserRow, writeDeleted } from "./store.ts";

/** Deletes users whom this transaction has locked and who may be: the rules are whoever calls it's. */
export async function deleteUsers(ctx: Context, people: readonly Pick<UserRow, "id" | "status">[]) {
  if (people.length === 0) return;
  const ids = people.map(({ id }) => id);
  await writeDeleted(ctx, ids);
  const memberships = await removeAllMemberships(ctx, ids);
  await discardSealedPasswords(ctx, ids);
  await withdrawMessages(ctx, ids);
  await revokeLinks(ctx, ["invitation", "reset", "set_password"], ids);
  await recordAll(
    ctx,
    people.map(({ id, status }) => ({
      action: "user.deleted",
      target: { kind: "user", id },
      changes: { status: { before: status, after: "deleted" } },
      details: { memberships: memberships.get(id) ?? 0 },
    })),
  );
}
