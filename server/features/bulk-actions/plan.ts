import { createHash } from "node:crypto";
import { v7 as uuid } from "uuid";
import type { z } from "zod";
import type { Context } from "#server/context.ts";
import type { SqlSource } from "#server/platform/db/sql-source.ts";
import { holdGroups, unknownGroup } from "../groups/store.ts";
import { readSafety } from "../imports/planning/safety.ts";
import { countUserRows } from "../users/store-counts.ts";
import { selectedUsersSql } from "../users/store-selection.ts";
import { inverses } from "./can-undo.ts";
import { type ActingUser, type BulkWork, classifiedSql } from "./classify.ts";
import type { BulkActionName, BulkPlan, previewBulkAction as contract } from "./contract.ts";
import { requirePermission, whoActs } from "./permission.ts";
import { countStaff, planPeople } from "./store-people.ts";

export type Asked = z.output<typeof contract.body>;

const emailsEverybody: readonly BulkActionName[] = ["resend_invitation", "send_password_link"];
const takesAccess: readonly BulkActionName[] = ["suspend", "delete"];

/** What would happen, person by person. Nothing is changed. */
export const previewBulkAction = (ctx: Context, asked: Asked) =>
  planBulkAction(ctx, asked, selectedUsersSql(asked.selection));

/** The same, where who is selected (`user_id`) is known already. */
export async function planBulkAction(
  ctx: Context,
  asked: Omit<Asked, "selection">,
  selected: SqlSource,
): Promise<BulkPlan> {
  const actor = whoActs(ctx);
  requirePermission(actor, asked.action);
  if ((await holdGroups(ctx, asked.groupIds)).size < new Set(asked.groupIds).size) throw unknownGroup();
  const people = classifiedSql(asked, actor, selected);
  const fates = await planPeople(ctx, people);
  const changing = fates.find(({ reason, unchanged }) => !reason && !unchanged);
  const changed = changing?.people ?? 0;
  return {
    id: uuid(),
    people: fates.reduce((sum, fate) => sum + fate.people, 0),
    changed,
    unchanged: fates.find((fate) => fate.unchanged)?.people ?? 0,
    names: changing?.names ?? [],
    refused: fates.flatMap(({ reason, people: refused, names }) =>
      reason ? [{ reason, people: refused, names }] : [],
    ),
    emails: emailsEverybody.includes(asked.action) ? changed : 0,
    canUndo: asked.action in inverses,
    hash: hashOf(asked, actor, fates),
    seatBelt: changed > 0 ? await seatBelt(ctx, asked, { changed, people }) : null,
  };
}

/** Over everybody who is selected and what becomes of them: who reads the same number has looked at the same. */
function hashOf({ action, groupIds }: BulkWork, actor: ActingUser, fates: readonly object[]) {
  const agreed = { action, groups: [...groupIds].sort(), actor, fates };
  return createHash("sha256").update(JSON.stringify(agreed)).digest("hex");
}

/** A share of few people says nothing: below this many nobody is asked. */
const fewPeople = 10;
const number = (value: number) => value.toLocaleString("en");

/** What should make somebody stop and look, by the limits that hold for imports too. */
async function seatBelt(ctx: Context, { action }: BulkWork, plan: { changed: number; people: SqlSource }) {
  const { changed, people } = plan;
  const reasons: string[] = [];
  const limits = await readSafety(ctx);
  if (takesAccess.includes(action)) {
    const staff = await countStaff(ctx, people);
    if (staff > 0)
      reasons.push(
        `${staff === 1 ? "One of them has" : `${number(staff)} of them have`} a role in this portal.`,
      );
    const { all } = await countUserRows(ctx, {});
    if (changed > fewPeople && 100 * changed > limits.changedPercent * all)
      reasons.push(
        `These are ${number(changed)} of ${number(all)} users, more than ${limits.changedPercent} %.`,
      );
  }
  if (emailsEverybody.includes(action) && changed > limits.emails)
    reasons.push(`${number(changed)} emails are sent, more than ${number(limits.emails)}.`);
  return reasons.length > 0 ? { reasons, phrase: ctx.tenantSlug } : null;
}
