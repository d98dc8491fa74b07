import type { Context } from "#server/context.ts";
import { manageableRoles, type Role } from "#server/permissions.ts";
import { joiningWhole } from "#server/platform/db/joining-whole.ts";
import { userRoles } from "../../users/store.ts";
import { findLeavers } from "../leavers/store-leavers.ts";
import type { FileRecord, ImportRecord } from "../store.ts";
import { listFiles } from "../store.ts";
import type { Places } from "../store-places.ts";
import { noteFacts } from "./note-facts.ts";
import {
  type ExistingRules,
  findGroups,
  forgetPlan,
  holdForGroups,
  markDuplicates,
  markExisting,
  planChanges,
} from "./store-plan.ts";

/** Says of every row that was read what becomes of it, given the tenant as it is now, and notes what that comes to. */
export async function planRows(ctx: Context, found: ImportRecord): Promise<void> {
  const rules = await rulesOf(ctx, found);
  await joiningWhole(ctx.tx, async () => {
    await forgetPlan(ctx, found.id);
    await markDuplicates(ctx, found.id);
    await findGroups(ctx, found.id);
    await planReadyRows(ctx, found, rules);
    await findLeavers(ctx, found);
    await noteFacts(ctx, found);
  });
}

/** Of the rows that are ready: which are changes of somebody, and which wait for a group. */
export async function planReadyRows(
  ctx: Context,
  { id }: ImportRecord,
  rules: ExistingRules,
  places?: Places,
) {
  await markExisting(ctx, id, rules, places);
  await holdForGroups(ctx, id, places);
  if (rules.existing !== "skip") await planChanges(ctx, id, rules, places);
}

/** What the importer may change of people who are users already: never an owner, never somebody above them. */
export async function rulesOf(ctx: Context, found: ImportRecord): Promise<ExistingRules> {
  const files = await listFiles(ctx, [found.id]);
  const numbersWhere = (holds: (file: FileRecord) => boolean) =>
    files.filter(holds).map((file) => file.file_no);
  return {
    existing: found.existing,
    roles: (await rolesOf(ctx, found.created_by)).filter((role) => role !== "owner"),
    filesWithGroups: numbersWhere(
      ({ recognised, choice }) => (choice.addGroups ?? []).length > 0 || uses(recognised).includes("groups"),
    ),
    filesWithNames: numbersWhere(({ recognised }) => !recognised?.namesFromAddress),
  };
}

const uses = (recognised: FileRecord["recognised"]) => recognised?.columns.map((column) => column.use) ?? [];

/** Whoever runs Muster by command may do what an administrator may. */
async function rolesOf(ctx: Context, importerId: string | null): Promise<readonly Role[]> {
  if (importerId === null) return manageableRoles("administrator");
  const role = (await userRoles(ctx, [importerId])).get(importerId);
  return role ? manageableRoles(role) : [];
}
