import type { Context } from "#server/context.ts";
import { type ActingUser, type BulkWork, isOfGroups } from "./classify.ts";
import { isChanging, refusedOf } from "./outcomes.ts";
import { perform } from "./perform.ts";
import { type BulkRecord, changedIn, type OutcomeOf, readBatch } from "./store.ts";
import { classifyPeople, sameStatusSince } from "./store-people.ts";

type Undoing = { work: BulkWork; actor: ActingUser };

/** Takes back what was done to exactly those who were changed, as far as they still are as the action left them. */
export async function undoBatch(
  ctx: Context,
  found: BulkRecord,
  { work, actor }: Undoing,
): Promise<OutcomeOf[]> {
  const { done_at } = await readBatch(ctx, found);
  const changed = await changedIn(ctx, found.id, found.next_batch);
  const outcomes: OutcomeOf[] = [];
  const undone = new Set<string>();
  const all = new Set<string>();
  for (const [about, ids] of changed) {
    for (const id of ids) all.add(id);
    const one = isOfGroups(work) ? { ...work, groupIds: [about] } : work;
    const people = await classifyPeople(ctx, { work: one, actor, userIds: ids });
    const same = isOfGroups(work) ? undefined : await sameStatusSince(ctx, ids, done_at);
    const left = people.filter((person) => isChanging(person) && (same?.has(person.id) ?? true));
    for (const id of [...(await perform(ctx, one, left)).values()].flat()) undone.add(id);
    outcomes.push(...refusedOf(people, "kept"));
  }
  const refused = new Set(outcomes.flatMap(({ userIds }) => userIds));
  const others = [...all].filter((id) => !undone.has(id) && !refused.has(id));
  return [
    ...merged(outcomes),
    { outcome: "undone", userIds: [...undone] },
    { outcome: "kept", about: "changed_since", userIds: others },
  ];
}

/** One list for each reason: somebody may have been refused for several groups. */
function merged(outcomes: readonly OutcomeOf[]): OutcomeOf[] {
  const byReason = Map.groupBy(outcomes, ({ about }) => about ?? "");
  return [...byReason].map(([about, same]) => ({
    outcome: "kept",
    about,
    userIds: [...new Set(same.flatMap(({ userIds }) => userIds))],
  }));
}
