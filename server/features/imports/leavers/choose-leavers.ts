import type { z } from "zod";
import type { Context } from "#server/context.ts";
import { record } from "../../audit/record.ts";
import type { chooseLeavers as contract } from "../contract.ts";
import { lockChecked } from "../decide-import.ts";
import { presentImport } from "../present-import.ts";
import { writeImport } from "../store.ts";
import { countLeavers, tickLeavers } from "./store-leavers.ts";

type Choice = z.output<typeof contract.body>;

/** Says who of those missing from the file is to be suspended: these people, or everybody at once. */
export async function chooseLeavers(ctx: Context, importId: string, { ticked, userIds }: Choice) {
  const { plan } = await lockChecked(ctx, importId);
  await tickLeavers(ctx, importId, { userIds: userIds ?? null, ticked });
  const leavers = await countLeavers(ctx, importId);
  if (plan) await writeImport(ctx, importId, { plan: { ...plan, leavers } });
  await record(ctx, {
    action: "import.leavers_chosen",
    target: { kind: "import", id: importId },
    details: { ticked, ...(userIds ? { people: userIds.length } : { everybody: true }) },
  });
  return presentImport(ctx, importId);
}
