import type { z } from "zod";
import type { Context } from "#server/context.ts";
import { changesBetween } from "../audit/personal.ts";
import { record } from "../audit/record.ts";
import type { updateGroup as contract, Group } from "./contract.ts";
import { groupNameKey } from "./group-name.ts";
import { changeGroup, readGroup } from "./store.ts";

export async function updateGroup(ctx: Context, groupId: string, input: z.output<typeof contract.body>) {
  const { version, ...change } = input;
  // Not locked: the change itself fails where this is not the version that it changes.
  const before = await readGroup(ctx, groupId);
  await changeGroup(ctx, groupId, {
    ...change,
    version,
    ...(input.name !== undefined && { nameKey: groupNameKey(input.name) }),
  });
  const after = await readGroup(ctx, groupId);
  await record(ctx, {
    action: "group.changed",
    target: { kind: "group", id: groupId },
    changes: changesBetween(stateOf(before), stateOf(after)),
  });
  return after;
}

const stateOf = ({ name, description, active, protected: kept }: Group) => ({
  name,
  description,
  active,
  protected: kept,
});
