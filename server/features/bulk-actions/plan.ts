import { createHash } from "node:crypto";
import { v7 as uuid } from "uuid";
import type { z } from "zod";
import type { Context } from "#server/context.ts";
import { holdGroups, unknownGroup } from "../groups/store.ts";
import { readSafety } from "../imports/planning/safety.ts";
import { countUserRows } from "../users/store-counts.ts";
import { selectedUsersSql } from "../users/store-selection.ts";
import { type ActingUser, type BulkWork, classifiedSql } from "./classify.ts";
import { type BulkActionName, type BulkPlan, inverses, type previewBulkAction } from "./contract.ts";
import { requireMayDo, whoActs } from "./permission.ts";
import { type Fate, planPeople } from "./store-people.ts";

export type Asked = z.output<typeof previewBulkAction.body>;

const takesAccess: readonly BulkActionName[] = ["suspend", "delete"];

/** What would happen, person by person. With `batches`, who is meant is written down as well: exactly those. */
export async function planBulkAction(
  ctx: Context,
  asked: Asked,
  batches?: { actionId: string; size: number },
): Promise<BulkPlan> {
  const actor = whoActs(ctx);
  requireMayDo(actor, asked.action);
  if ((await holdGroups(ctx, asked.groupIds)).size < new Set(asked.groupIds).size) throw unknownGroup();
  const people = classifiedSql(asked, actor, selectedUsersSql(asked.selection));
  const fates = await planPeople(ctx, people, batches);
  const changing = fates.find(({ reason, unchanged }) => !reason && !unchanged);
  const changed = changing?.people ?? 0;
  return {
    id: batches?.actionId ?? uuid(),
    people: fates.reduce((sum, fate) => sum + fate.people, 0),
    changed,
    unchanged: fates.find((fate) => fate.unchanged)?.people ?? 0,
    names: changing?.names ?? [],
    refused: fates.flatMap(({ reason, people: refused, names }) =>
      reason ? [{ reason, people: refused, names }] : [],
    ),
    emails: changing?.emails ?? 0,
    canUndo: asked.action in inverses,
    hash: hashOf(asked, actor, fates),
    seatBelt: changing ? await seatBelt(ctx, asked.action, changing) : null,
  };
}

/** Over everybody who is selected and what becomes of them: who reads the same number has looked at the same. */
function hashOf({ action, groupIds }: BulkWork, actor: ActingUser, fates: readonly Fate[]) {
  const people = fates.map(({ names, ...fate }) => fate);
  const agreed = { action, groups: [...groupIds].sort(), actor, people };
  return createHash("sha256").update(JSON.stringify(agreed)).digest("hex");
}

/** A share of few people says nothing: below this many nobody is asked. */
const fewPeople = 10;
const number = (value: number) => value.toLocaleString("en");

/** What should make somebody stop and look, by the limits that hold for imports too. */
async function seatBelt(ctx: Context, action: BulkActionName, { people, staff, emails }: Fate) {
  const reasons: string[] = [];
  const limits = await readSafety(ctx);
  if (takesAccess.includes(action)) {
    if (staff > 0)
      reasons.push(
        `${staff === 1 ? "One of them has" : `${number(staff)} of them have`} a role in this portal.`,
      );
    const { all } = await countUserRows(ctx, {});
    if (people > fewPeople && 100 * people > limits.changedPercent * all)
      reasons.push(
        `These are ${number(people)} of ${number(all)} users, more than ${limits.changedPercent} %.`,
      );
  }
  if (emails > limits.emails)
    reasons.push(`${number(emails)} emails are sent, more than ${number(limits.emails)}.`);
  return reasons.length > 0 ? { reasons, phrase: ctx.tenantSlug } : null;
}
