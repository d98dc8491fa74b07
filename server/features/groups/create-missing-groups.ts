import { v7 as uuid } from "uuid";
import type { Context } from "#server/context.ts";
import { changesFromNothing } from "../audit/personal.ts";
import { recordAll } from "../audit/record.ts";
import { groupNameKey } from "./group-name.ts";
import { insertMissingGroups } from "./store.ts";

/** Makes groups of those names that none has yet. Answers which it made. */
export async function createMissingGroups(ctx: Context, names: readonly string[]): Promise<string[]> {
  const groups = names.map((name) => ({
    id: uuid(),
    name,
    nameKey: groupNameKey(name),
    description: "",
    active: true,
  }));
  const made = await insertMissingGroups(ctx, groups);
  await recordAll(
    ctx,
    groups
      .filter(({ id }) => made.includes(id))
      .map(({ id, name }) => ({
        action: "group.created",
        target: { kind: "group", id },
        changes: changesFromNothing({ name }),
      })),
  );
  return made;
}
