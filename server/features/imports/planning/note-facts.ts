import type { Context } from "#server/context.ts";
import { countBack, countLeavers } from "../leavers/store-leavers.ts";
import { type Counts, type ImportRecord, type PlanFacts, writeImport } from "../store.ts";
import type { Places } from "../store-places.ts";
import { countOutcomes } from "../store-rows.ts";
import {
  addWaiting,
  countStaff,
  countTenantUsers,
  countUnknownGroups,
  countWaiting,
  gatherGroups,
  listDomains,
  listNewDomains,
  mostDomains,
  newAmongDomains,
  type RowSums,
  sumRows,
  type WaitingRows,
  writeWaiting,
} from "./store-facts.ts";

/** With fewer users than this there is nothing yet that a new mail domain could stand out from. */
const usersThatTell = 10;

/** Counts what the plan comes to, with the rows as they are planned now. */
export async function noteFacts(ctx: Context, found: ImportRecord): Promise<void> {
  await writeWaiting(ctx, found.id, await countWaiting(ctx, found.id));
  const sums = await sumRows(ctx, found.id);
  const existingUsers = await countTenantUsers(ctx);
  const newDomains = existingUsers < usersThatTell ? [] : await listNewDomains(ctx, found.id);
  const plan = await factsOf(ctx, found, { sums, existingUsers, newDomains });
  await writeImport(ctx, found.id, { plan, counts: await countOutcomes(ctx, found.id) });
}

type Counted = { sums: RowSums; existingUsers: number; newDomains: string[] };

async function factsOf(ctx: Context, { id, source }: ImportRecord, { sums, ...counted }: Counted) {
  const staff = await countStaff(ctx, id);
  const plan: PlanFacts = {
    ...sums,
    ...counted,
    groups: await gatherGroups(ctx, id),
    administrators: staff.updates,
    waiting: { updates: sums.waiting, administrators: staff.waiting },
    unknownGroups: await countUnknownGroups(ctx, id),
    leavers: await countLeavers(ctx, id),
    back: source === null ? 0 : await countBack(ctx, id),
  };
  return plan;
}

/** What some rows have a part in. */
export type Share = { sums: RowSums; counts: Counts; waiting: WaitingRows; domains: string[] };

export const shareOf = async (ctx: Context, importId: string, places: Places): Promise<Share> => ({
  sums: await sumRows(ctx, importId, places),
  counts: await countOutcomes(ctx, importId, places),
  waiting: await countWaiting(ctx, importId, places),
  domains: await listDomains(ctx, importId, places),
});

/** What changed: the share of the same rows before and after. */
export type Change = { before: Share; after: Share };

/** `noteFacts` where a few of many rows have changed: what they had a part in is taken off, what they have now is added. */
export async function noteChangedFacts(ctx: Context, found: Planned, change: Change): Promise<void> {
  const { before, after } = change;
  await addWaiting(ctx, found.id, moved(new Map(), before.waiting, after.waiting));
  const existingUsers = await countTenantUsers(ctx);
  const newDomains = existingUsers < usersThatTell ? [] : await changedDomains(ctx, found, change);
  const sums = changedSums(found.plan, before.sums, after.sums);
  const plan = await factsOf(ctx, found, { sums, existingUsers, newDomains });
  const counts = moved(entriesOf(found.counts), entriesOf(before.counts), entriesOf(after.counts));
  await writeImport(ctx, found.id, { plan, counts: Object.fromEntries(counts) });
}

/** An import with a plan that has all of today's facts. */
export type Planned = ImportRecord & { plan: Required<PlanFacts> };

export const isPlanned = (found: ImportRecord): found is Planned =>
  found.plan?.unreadable !== undefined && found.plan.waiting !== undefined;

/** Never looks at all rows unless more domains are new than are named. */
async function changedDomains(ctx: Context, { id, plan }: Planned, { before, after }: Change) {
  const wasUntold = plan.existingUsers < usersThatTell;
  if (wasUntold || plan.newDomains.length >= mostDomains) return listNewDomains(ctx, id);
  const domains = new Set([...plan.newDomains, ...before.domains, ...after.domains]);
  return newAmongDomains(ctx, id, [...domains]);
}

function changedSums(plan: Required<PlanFacts>, before: RowSums, after: RowSums): RowSums {
  const sum = (part: Exclude<keyof RowSums, "rows" | "waiting">) => plan[part] - before[part] + after[part];
  return {
    rows: String(BigInt(plan.rows) - BigInt(before.rows) + BigInt(after.rows)),
    warnings: sum("warnings"),
    emails: sum("emails"),
    emailsWithGroups: sum("emailsWithGroups"),
    unreadable: sum("unreadable"),
    updates: sum("updates"),
    waiting: plan.waiting.updates - before.waiting + after.waiting,
  };
}

const entriesOf = (counts: Counts) => new Map(Object.entries(counts));

/** A number for each key; those that come to 0 are left out. */
function moved(all: WaitingRows, before: WaitingRows, after: WaitingRows): WaitingRows {
  const keys = new Set([...all.keys(), ...before.keys(), ...after.keys()]);
  const at = (key: string) => (all.get(key) ?? 0) - (before.get(key) ?? 0) + (after.get(key) ?? 0);
  return new Map([...keys].map((key) => [key, at(key)] as const).filter(([, rows]) => rows !== 0));
}
