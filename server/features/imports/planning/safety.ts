import type { z } from "zod";
import type { Context } from "#server/context.ts";
import { changedMeanwhile } from "#server/platform/errors.ts";
import { changesBetween } from "../../audit/personal.ts";
import { record } from "../../audit/record.ts";
import { lockSettings, readSetting, writeSetting } from "../../tenants/settings.ts";
import { importSafety, safetyAnswer, usualSafety } from "../shapes.ts";
import type { Safety } from "./plan.ts";

const name = "importSafety";

/** Above which numbers an import asks for a typed confirmation. */
export async function readSafety(ctx: Context): Promise<Safety> {
  const kept = importSafety.safeParse(await readSetting(ctx, name));
  return kept.success ? kept.data : usualSafety;
}

type Answer = z.output<typeof safetyAnswer>;

export async function presentSafety(ctx: Context): Promise<Answer> {
  const kept = safetyAnswer.pick({ version: true }).safeParse(await readSetting(ctx, name));
  return { ...(await readSafety(ctx)), version: kept.success ? kept.data.version : 0 };
}

/** Of two administrators at once the second is told. */
export async function changeSafety(ctx: Context, { version, ...safety }: Answer): Promise<Answer> {
  await lockSettings(ctx);
  const { version: now, ...before } = await presentSafety(ctx);
  if (version !== now) throw changedMeanwhile("section");
  const after = { ...safety, version: now + 1 };
  await writeSetting(ctx, name, after);
  const changes = changesBetween(before, safety);
  if (Object.keys(changes).length > 0)
    await record(ctx, {
      action: "tenant.import_safety_changed",
      target: { kind: "tenant", id: ctx.tenantId },
      changes,
    });
  return after;
}
