import type { Context } from "#server/context.ts";
import { recordAll } from "../audit/record.ts";
import { takeUntouchedGroups } from "./store.ts";

/** Deletes those of these groups that are as they were made and that nobody is in. Answers how many. */
export async function removeUntouchedGroups(ctx: Context, groupIds: readonly string[]): Promise<number> {
  const removed = await takeUntouchedGroups(ctx, groupIds);
  await recordAll(
    ctx,
    removed.map(({ id, name }) => ({
      action: "group.deleted",
      target: { kind: "group", id },
      changes: { name: { before: name, after: null } },
      details: { members: 0 },
    })),
  );
  return removed.length;
}
