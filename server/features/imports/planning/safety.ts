import type { Context } from "#server/context.ts";
import { changesBetween } from "../../audit/personal.ts";
import { record } from "../../audit/record.ts";
import { lockSettings, readSetting, writeSetting } from "../../tenants/settings.ts";
import { importSafety, usualSafety } from "../shapes.ts";
import type { Safety } from "./plan.ts";

const name = "importSafety";

/** Above which numbers an import asks for a typed confirmation. */
export async function readSafety(ctx: Context): Promise<Safety> {
  const kept = importSafety.safeParse(await readSetting(ctx, name));
  return kept.success ? kept.data : usualSafety;
}

export async function changeSafety(ctx: Context, safety: Safety): Promise<Safety> {
  await lockSettings(ctx);
  const before = await readSafety(ctx);
  await writeSetting(ctx, name, safety);
  const changes = changesBetween(before, safety);
  if (Object.keys(changes).length > 0)
    await record(ctx, {
      action: "tenant.import_safety_changed",
      target: { kind: "tenant", id: ctx.tenantId },
      changes,
    });
  return safety;
}
