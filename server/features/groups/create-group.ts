import { v7 as uuid } from "uuid";
import type { z } from "zod";
import type { Context } from "#server/context.ts";
import { changesFromNothing } from "../audit/personal.ts";
import { record } from "../audit/record.ts";
import type { groupInput } from "./contract.ts";
import { groupNameKey } from "./group-name.ts";
import { insertGroup, readGroup } from "./store.ts";

export async function createGroup(ctx: Context, input: z.output<typeof groupInput>) {
  const id = uuid();
  await insertGroup(ctx, { ...input, id, nameKey: groupNameKey(input.name) });
  const { name, description, active } = input;
  await record(ctx, {
    action: "group.created",
    target: { kind: "group", id },
    changes: changesFromNothing({ name, description, active }),
  });
  return readGroup(ctx, id);
}
