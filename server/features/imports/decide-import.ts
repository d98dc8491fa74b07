import type { z } from "zod";
import type { Context } from "#server/context.ts";
import { notFound, ProblemError } from "#server/platform/errors.ts";
import { record } from "../audit/record.ts";
import { groupNameKey } from "../groups/group-name.ts";
import { removeUntouchedGroups } from "../groups/remove-untouched-groups.ts";
import { holdGroups, unknownGroup } from "../groups/store.ts";
import { requireRoomFor } from "../tenants/limits.ts";
import { countUserRows } from "../users/store-counts.ts";
import type { changeImport as contract } from "./contract.ts";
import { findObstacle, type Obstacle } from "./planning/find-obstacle.ts";
import { emailsOf, planHash } from "./planning/plan.ts";
import { readSeatBelt } from "./planning/read-seat-belt.ts";
import { replanChosen } from "./planning/replan.ts";
import { chooseGroup } from "./planning/store-plan.ts";
import { toApply } from "./planning/to-apply.ts";
import { presentImport } from "./present-import.ts";
import { recordChoices } from "./record-choices.ts";
import { refreshStatistics } from "./refresh-statistics.ts";
import { requireManageable } from "./require-manageable.ts";
import { type ImportRecord, readImport, writeImport } from "./store.ts";
import { listMadeGroups } from "./undoing/store-undo.ts";
import { wakeImports } from "./wake-imports.ts";

type Change = z.output<typeof contract.body>;

/** Chooses, before applying, how the plan is made and carried out. */
export async function changeImport(ctx: Context, importId: string, change: Change) {
  const found = await lockChecked(ctx, importId);
  if (change.mail?.when === "schedule") requireFuture(ctx, new Date(change.mail.at));
  for (const { name, groupId } of change.groups ?? []) await nameGroup(ctx, importId, name, groupId);
  await writeImport(ctx, importId, {
    ...optional("createMissingGroups", change.createMissingGroups),
    ...optional("existing", change.existing),
    ...optional("allOrNothing", change.allOrNothing),
    ...optional("leaversGraceDays", change.leaversGraceDays),
    ...(change.mail && { mail: mailOf(change.mail) }),
    ...(change.source !== undefined && { source: change.source ?? "" }),
    drift: null,
  });
  const changed = { ...found, existing: change.existing ?? found.existing };
  if (change.source !== undefined) changed.source = change.source;
  const existing = changed.existing !== found.existing;
  const nameKeys = (change.groups ?? []).map(({ name }) => groupNameKey(name));
  if (existing || nameKeys.length > 0 || changed.source !== found.source)
    await replanChosen(ctx, changed, { existing, nameKeys });
  await recordChoices(ctx, found, nameKeys.length > 0);
  return presentImport(ctx, importId);
}

const optional = <K extends string, V>(key: K, value: V | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };

const mailOf = (mail: NonNullable<Change["mail"]>) =>
  mail.when === "schedule"
    ? { when: mail.when, at: new Date(mail.at), timeZone: mail.timeZone }
    : { when: mail.when, at: null, timeZone: null };

const aYearMs = 366 * 86_400_000;

function requireFuture({ now }: Context, at: Date) {
  if (at > now && at.getTime() - now.getTime() < aYearMs) return;
  const detail = "Choose a time from now on, at most a year ahead.";
  throw new ProblemError(422, "import.mail_time", detail, { fields: { mail: detail } });
}

async function nameGroup(ctx: Context, importId: string, name: string, groupId: string | null) {
  if (groupId !== null && !(await holdGroups(ctx, [groupId])).has(groupId)) throw unknownGroup();
  await chooseGroup(ctx, importId, { nameKey: groupNameKey(name), groupId });
}

type Agreement = { planHash: string; confirmation?: string | undefined };

/** Import CSV: from here on a background job carries out the plan that was looked at. Pressed twice it starts once. */
export async function startImport(ctx: Context, importId: string, agreed: Agreement) {
  const found = await lockImport(ctx, importId);
  if (found.state === "applying") return presentImport(ctx, importId);
  requireChecked(found);
  await requireAgreement(ctx, found, agreed);
  await requireManageable(ctx, found, "apply");
  requireMailTimeAhead(ctx, found);
  const rows = toApply(found);
  const { update = 0 } = found.counts;
  await requireRoomFor(ctx, rows - update, async () => (await countUserRows(ctx, {})).all);
  await writeImport(ctx, importId, {
    state: "applying",
    started: { at: ctx.now, by: userOf(ctx) },
    drift: null,
  });
  await wakeImports(ctx, "apply");
  await record(ctx, {
    action: "import.started",
    target: { kind: "import", id: importId },
    details: { rows },
  });
  return presentImport(ctx, importId);
}

/** null: whoever runs Muster. */
export const userOf = ({ actor }: Context) => (actor.kind === "user" ? actor.id : null);

/** Only the plan that was seen, only where there is something to do, and only with the seat belt fastened. */
async function requireAgreement(ctx: Context, found: ImportRecord, agreed: Agreement) {
  const { plan } = found;
  if (!plan) throw planChanged();
  const obstacle = await findObstacle(ctx, found, plan);
  if (obstacle) throw refusedFor(obstacle);
  if (agreed.planHash !== planHash(found, plan)) throw planChanged();
  const belt = await readSeatBelt(ctx, found, plan);
  if (!belt || agreed.confirmation?.trim() === belt.phrase) return;
  throw new ProblemError(
    409,
    "import.confirmation_needed",
    `${belt.reasons.map((reason) => reason.message).join(" ")} If that is meant, confirm it by typing ${belt.phrase}. Nothing was imported.`,
    { fields: { confirmation: `Type ${belt.phrase} to confirm.` } },
  );
}

/**
 * Emails that were to go at a time nobody has noticed has passed would go at once. Only whoever presses is asked: in an
 * import that waits its turn past that time they go as soon as it comes, at or after the time that was said.
 */
function requireMailTimeAhead({ now }: Context, found: ImportRecord) {
  const { mail, mail_at, plan } = found;
  if (mail !== "schedule" || !mail_at || mail_at > now || !plan || emailsOf(found, plan) === 0) return;
  throw new ProblemError(
    422,
    "import.mail_time",
    "The time at which the emails were to go has passed. Choose another, or send them at once. Nothing was imported.",
  );
}

const refusedFor = ({ reason, message }: Obstacle) =>
  reason === "rows_have_problems"
    ? new ProblemError(409, "import.rows_have_problems", `${message} Nothing was imported.`)
    : new ProblemError(409, "import.nothing_to_import", message);

export const planChanged = () =>
  new ProblemError(
    409,
    "import.plan_changed",
    "The plan has changed since you looked at it. Look at it again. Nothing was done.",
  );

/** Stops an import. The batch in hand is finished first; what is done stays and is listed. */
export async function cancelImport(ctx: Context, importId: string) {
  const found = await lockImport(ctx, importId);
  if (!["uploading", "checking", "checked", "applying"].includes(found.state)) {
    throw new ProblemError(
      409,
      "import.already_finished",
      "This import is over; there is nothing to cancel.",
    );
  }
  await endEarly(ctx, found);
  return presentImport(ctx, importId);
}

/** What is done stays. Of the groups that were made for people who now never come, those that nobody is in go again. */
export async function endEarly(ctx: Context, { id, state, counts }: ImportRecord, problem?: string) {
  const made = state === "applying" ? await listMadeGroups(ctx, id) : [];
  const groups = await removeUntouchedGroups(ctx, made);
  await writeImport(ctx, id, {
    state: "cancelled",
    finishedAt: ctx.now,
    trouble: null,
    ...(problem !== undefined && { problem }),
  });
  await wakeImports(ctx, "wipe");
  if (state === "applying") await refreshStatistics(ctx, counts);
  await record(ctx, {
    // Nobody pressed Cancel where there is a reason.
    action: problem === undefined ? "import.cancelled" : "import.given_up",
    target: { kind: "import", id },
    details: { ...counts, groups },
  });
}

export async function lockChecked(ctx: Context, importId: string): Promise<ImportRecord> {
  const found = await lockImport(ctx, importId);
  requireChecked(found);
  return found;
}

export async function lockImport(ctx: Context, importId: string): Promise<ImportRecord> {
  const found = await readImport(ctx, importId, "lock");
  if (!found) throw notFound("import");
  return found;
}

function requireChecked(found: ImportRecord) {
  if (found.state === "checked") return;
  const detail =
    found.state === "checking" || found.state === "uploading"
      ? "The file is still being checked. Wait until that is done."
      : "This import has been applied or cancelled already. Choose the file again to import it anew.";
  throw new ProblemError(409, "import.not_checked", detail);
}
