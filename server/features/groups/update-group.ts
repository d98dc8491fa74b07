import type { z } from "zod";
import type { Context } from "#server/context.ts";
import { record } from "../audit/record.ts";
import type { updateGroup as contract } from "./contract.ts";
import { groupNameKey } from "./group-name.ts";
import { changeGroup, readGroup } from "./store.ts";

export async function updateGroup(ctx: Context, groupId: string, input: z.output<typeof contract.body>) {
  const { version, ...change } = input;
  await changeGroup(ctx, groupId, {
    ...change,
    version,
    ...(input.name !== undefined && { nameKey: groupNameKey(input.name) }),
  });
  await record(ctx, {
    action: "group.changed",
    target: { kind: "group", id: groupId },
    fields: Object.keys(change),
  });
  return readGroup(ctx, groupId);
}
