import type { Context } from "#server/context.ts";
import { manageableRoles, type Role } from "#server/permissions.ts";
import { userRoles } from "../../users/store.ts";
import { countBack, countLeavers, findLeavers } from "../leavers/store-leavers.ts";
import type { FileRecord, ImportRecord, PlanFacts } from "../store.ts";
import { listFiles, writeImport } from "../store.ts";
import { countOutcomes } from "../store-rows.ts";
import {
  countTenantUsers,
  type ExistingRules,
  findGroups,
  forgetPlan,
  gatherFacts,
  gatherGroups,
  holdForGroups,
  listNewDomains,
  markDuplicates,
  markExisting,
  planChanges,
} from "./store-plan.ts";

/** With fewer users than this there is nothing yet that a new mail domain could stand out from. */
const usersThatTell = 10;

/** Says of every row that was read what becomes of it, given the tenant as it is now, and notes what that comes to. */
export async function planRows(ctx: Context, found: ImportRecord): Promise<void> {
  const rules = await rulesOf(ctx, found);
  await forgetPlan(ctx, found.id);
  await markDuplicates(ctx, found.id);
  await planReadyRows(ctx, found, rules);
  await findLeavers(ctx, found);
  await noteFacts(ctx, found);
}

/** Of the rows that are ready: which are changes of somebody, and which wait for a group. */
export async function planReadyRows(ctx: Context, { id }: ImportRecord, rules: ExistingRules) {
  await findGroups(ctx, id);
  await markExisting(ctx, id, rules);
  await holdForGroups(ctx, id);
  if (rules.existing !== "skip") await planChanges(ctx, id, rules);
}

/** Counts what the plan comes to, with the rows as they are planned now. */
export async function noteFacts(ctx: Context, found: ImportRecord) {
  const [facts, counts, existingUsers] = [
    await gatherFacts(ctx, found.id),
    await countOutcomes(ctx, found.id),
    await countTenantUsers(ctx),
  ];
  if (!facts) return;
  const plan: PlanFacts = {
    rows: facts.rows,
    groups: await gatherGroups(ctx, found.id),
    warnings: facts.warnings,
    emails: facts.emails,
    emailsWithGroups: facts.emails_with_groups,
    existingUsers,
    ...facts.changes,
    waiting: facts.waiting,
    newDomains: existingUsers < usersThatTell ? [] : await listNewDomains(ctx, found.id),
    unknownGroups: await countUnknownGroups(ctx, found.id),
    leavers: await countLeavers(ctx, found.id),
    unreadable: facts.unreadable,
    back: found.source === null ? 0 : await countBack(ctx, found.id),
  };
  await writeImport(ctx, found.id, { plan, counts });
}

const countUnknownGroups = async ({ tx, tenantId }: Context, importId: string) =>
  (
    await tx.row<{ groups: number }>(
      `select count(*)::int as groups from import_groups
        where tenant_id = $1 and import_id = $2 and group_id is null and rows > 0`,
      [tenantId, importId],
    )
  )?.groups ?? 0;

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
