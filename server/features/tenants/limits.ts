import { z } from "zod";
import type { Context } from "#server/context.ts";
import { ProblemError } from "#server/platform/errors.ts";
import { changesBetween } from "../audit/personal.ts";
import { record } from "../audit/record.ts";
import { lockSettings, readSetting, writeSetting } from "./settings.ts";

// One that cannot be read is none: an installation goes on after whatever wrote it.
const limit = z.int().min(0).max(1_000_000_000).nullable().catch(null);

/** What the operator allows a tenant; null: as much as it wants. */
export const tenantLimits = z.object({ users: limit, importsADay: limit, mailsADay: limit });
export type TenantLimits = z.output<typeof tenantLimits>;

const name = "limits";

export const readLimits = async (ctx: Context): Promise<TenantLimits> =>
  tenantLimits.parse((await readSetting(ctx, name)) ?? {});

/** Of settings that have been read already. */
export const limitsIn = (settings: Record<string, unknown>): TenantLimits =>
  tenantLimits.parse(settings[name] ?? {});

/** By the operator's command; limits not named stay. */
export async function changeLimits(ctx: Context, change: Partial<TenantLimits>): Promise<TenantLimits> {
  await lockSettings(ctx);
  const before = await readLimits(ctx);
  const after = { ...before, ...change };
  const changes = changesBetween(before, after);
  if (Object.keys(changes).length === 0) return after;
  await writeSetting(ctx, name, after);
  await record(ctx, {
    action: "tenant.limits_changed",
    target: { kind: "tenant", id: ctx.tenantId },
    changes,
  });
  return after;
}

const figure = new Intl.NumberFormat("en");

const whoseLimit = ({ actor, tenantSlug }: Context) =>
  actor.kind === "operator" ? tenantSlug : "Your organisation";

/** Whoever runs Muster is not sent to themselves. */
const howToGetMore = ({ actor, tenantSlug }: Context, option: "users" | "imports-a-day") =>
  actor.kind === "operator"
    ? `allow more: npm run muster -- tenant limits ${tenantSlug} --${option} <number>`
    : "ask whoever runs Muster for more.";

/**
 * Before so many more people are made. Nothing is locked: two at once may go past the limit together, by no more than what
 * they make. `count` is asked only where there is a limit.
 */
export async function requireRoomFor(ctx: Context, more: number, count: () => Promise<number>) {
  if (more === 0) return;
  const { left, full } = await readRoom(ctx, count);
  if (more > left) throw full(more);
}

/** How many more people there may be, and what is said where some would be too many. `count` as above. */
export async function readRoom(ctx: Context, count: () => Promise<number>) {
  const { users } = await readLimits(ctx);
  const most = users ?? Number.POSITIVE_INFINITY;
  const there = users === null ? 0 : await count();
  const full = (more: number) =>
    new ProblemError(
      409,
      "tenant.full",
      `${whoseLimit(ctx)} may have ${figure.format(most)} ${most === 1 ? "user" : "users"} and has ${figure.format(there)}; ${figure.format(more)} more would be too many. Delete users nobody needs, or ${howToGetMore(ctx, "users")}`,
    );
  return { left: Math.max(most - there, 0), full };
}

/** Before an upload begins. `count`: how many have begun within a day. */
export async function requireImportLeft(ctx: Context, count: () => Promise<number>) {
  const { importsADay } = await readLimits(ctx);
  if (importsADay === null || (await count()) < importsADay) return;
  throw new ProblemError(
    429,
    "import.too_many_today",
    `${whoseLimit(ctx)} may begin ${figure.format(importsADay)} ${importsADay === 1 ? "import" : "imports"} within 24 hours, and has. Nothing was imported. Try again later, or ${howToGetMore(ctx, "imports-a-day")}`,
  );
}
