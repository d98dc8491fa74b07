import type { Context } from "#server/context.ts";
import { holds, type Permission } from "#server/permissions.ts";
import { presentImports } from "../imports/present-import.ts";
import type { Import } from "../imports/shapes.ts";
import { listImportRecords, listImportsInNeed } from "../imports/store.ts";
import { isMailKept } from "../mail/own-server/is-mail-kept.ts";
import { countNeverSent } from "../mail/store-list.ts";
import { countByState } from "../messages/find-messages.ts";
import { readSettings } from "../tenants/settings.ts";
import { soonBefore } from "../users/deletion/list-deleted.ts";
import { countDeletedAtMost } from "../users/deletion/store-deleted.ts";
import { countAtMost, countUserRows } from "../users/store-counts.ts";
import { dayIn, listDailyCounts } from "../users/store-daily-counts.ts";
import type { Home } from "./contract.ts";
import { daysBefore, fillDays } from "./fill-days.ts";

/** Nobody needs to know more closely how much there is to mend. */
const atMost = 10_000;
const shownImports = 5;
const week = 7 * 24 * 3_600_000;

/** How the tenant stands, as far as whoever asks may see it. */
export async function readHome(ctx: Context, days: number): Promise<Home> {
  const people = await countUserRows(ctx, {});
  const { timeZone } = await readSettings(ctx);
  const today = dayIn(timeZone, ctx.now);
  const kept = await listDailyCounts(ctx, daysBefore(today, days - 1));
  const { all, ...statuses } = people;
  return {
    people,
    history: fillDays(kept, { days, today: { day: today, people: all, ...statuses } }),
    atMost,
    invitationsExpired: await countAtMost(ctx, { status: "invited", invitationExpired: true }, atMost),
    invitationsFailed: await countAtMost(ctx, { status: "invited", mailFailed: true }, atMost),
    mailFailed: await countAtMost(ctx, { mailFailed: true }, atMost),
    neverSent: (await isMailKept(ctx)) ? 0 : await countNeverSent(ctx.tx, ctx.tenantId, atMost),
    erasedSoon: await countDeletedAtMost(ctx, { eraseBefore: soonBefore(ctx.now) }, atMost),
    messages: may(ctx, "messages.read") ? (await countByState(ctx, {})).states : null,
    imports: may(ctx, "imports.read") ? await readImports(ctx) : null,
  };
}

const may = ({ actor }: Context, permission: Permission) =>
  actor.kind === "user" ? holds(actor.role, permission) : actor.kind !== "anonymous";

async function readImports(ctx: Context) {
  const recent = await listImportRecords(ctx, { before: undefined, limit: shownImports });
  const inNeed = await listImportsInNeed(ctx, {
    since: new Date(ctx.now.getTime() - week),
    limit: shownImports,
  });
  return {
    recent: await presentImports(ctx, recent.slice(0, shownImports)),
    inNeed: (await presentImports(ctx, inNeed)).filter(hasWork),
  };
}

/** A file that was looked at and has nothing to import in it, because all of it is there already, waits for nobody. */
const hasWork = ({ state, toApply, counts }: Import) =>
  state !== "checked" || toApply > 0 || (counts.problem ?? 0) > 0;
