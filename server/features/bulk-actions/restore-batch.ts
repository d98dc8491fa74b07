import type { Context } from "#server/context.ts";
import { restoreUsers } from "../users/deletion/restore-users.ts";
import { lockUsers } from "../users/store.ts";
import type { KeptReason } from "./contract.ts";
import { type BulkRecord, changedIn, type OutcomeOf, readBatch } from "./store.ts";
import { afterDeletion } from "./store-people.ts";

/** Brings back exactly those whom the action deleted, as far as they still are as it left them; the others and why. */
export async function restoreBatch(ctx: Context, found: BulkRecord): Promise<OutcomeOf[]> {
  const { done_at } = await readBatch(ctx, found);
  const deleted = [...(await changedIn(ctx, found.id, found.next_batch)).values()].flat();
  await lockUsers(ctx, deleted);
  const now = await afterDeletion(ctx, deleted, done_at);
  const { restored, refused } = await restoreUsers(
    ctx,
    deleted.filter((id) => now.get(id) === "as it left them"),
  );
  const back = new Set(restored);
  const whyKept = (id: string): KeptReason => {
    const state = now.get(id) ?? "gone";
    return state === "as it left them" ? (reasons[refused.get(id)?.code ?? ""] ?? "changed_since") : state;
  };
  const kept = Map.groupBy(
    deleted.filter((id) => !back.has(id)),
    whyKept,
  );
  return [
    { outcome: "undone", userIds: restored },
    ...[...kept].map(([about, userIds]) => ({ outcome: "kept" as const, about, userIds })),
  ];
}

/** Why one user cannot be restored, as an action says it. */
const reasons: Record<string, KeptReason> = {
  "user.not_yours_to_change": "above",
  "user.address_taken": "address_taken",
  "tenant.full": "full",
};
