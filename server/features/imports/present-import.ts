import type { Context } from "#server/context.ts";
import { notFound } from "#server/platform/errors.ts";
import { hashingEstimate } from "../credentials/hashing-estimate.ts";
import { mailPerSecond } from "../mail/mail-rate.ts";
import { countMessagesOfImport } from "../mail/store.ts";
import { profilesOf } from "../users/store.ts";
import { describeTrouble } from "./describe-trouble.ts";
import { mostShownGroups } from "./find-import-groups.ts";
import { countLeavers } from "./leavers/store-leavers.ts";
import { findObstacle } from "./planning/find-obstacle.ts";
import { emailsOf, planHash } from "./planning/plan.ts";
import { readSeatBelt } from "./planning/read-seat-belt.ts";
import { listNotableGroups, listUnknownGroups } from "./planning/store-plan.ts";
import { toApply } from "./planning/to-apply.ts";
import { outcomesToMend } from "./problem-rows.ts";
import { readSamples } from "./sample-values.ts";
import { type Import, rowOutcome } from "./shapes.ts";
import {
  type Counts,
  type Drift,
  type FileRecord,
  findSameFiles,
  type ImportRecord,
  listFiles,
  readImport,
} from "./store.ts";
import { listKindsOf } from "./store-rows.ts";
import { countUndone } from "./undoing/store-undo.ts";

export async function presentImport(ctx: Context, importId: string): Promise<Import> {
  const found = await readImport(ctx, importId);
  const [shown] = found ? await presentImports(ctx, [found]) : [];
  if (!found || !shown) throw notFound("import");
  const planned = found.state === "checked" ? await describePlan(ctx, found) : {};
  return {
    ...shown,
    ...planned,
    ...(isOver(found) && (await describeMail(ctx, found))),
    problemKinds: await problemKindsOf(ctx, found, shown),
    leavers: await presentLeavers(ctx, found),
    undone: wasUndone(found) ? await countUndone(ctx, found.id) : null,
  };
}

/** Imports as a list shows them: without what has to be counted for each. */
export async function presentImports(ctx: Context, records: readonly ImportRecord[]): Promise<Import[]> {
  const ids = records.map((found) => found.id);
  const files = Map.groupBy(await listFiles(ctx, ids), (file) => file.import_id);
  const profiles = await profilesOf(
    ctx,
    records.flatMap(({ created_by, started_by, undo_started_by }) =>
      [created_by, started_by, undo_started_by].filter((id) => id !== null),
    ),
  );
  const people = new Map(profiles.map((one) => [one.id, `${one.first_name} ${one.last_name}`]));
  const byName = (id: string | null) => ({
    id,
    name: id ? (people.get(id) ?? "") : "whoever runs Muster",
  });
  return records.map((found) => ({
    ...plainFields(ctx, found),
    createdBy: byName(found.created_by),
    startedBy: found.started_at && byName(found.started_by),
    undoStartedBy: found.undo_started_at && byName(found.undo_started_by),
    files: (files.get(found.id) ?? []).map((file) => presentFile(ctx, file)),
    planHash: null,
    seatBelt: null,
    obstacle: null,
    problemKinds: [],
    unknownGroups: [],
    chosenGroups: [],
    inactiveGroups: [],
    messages: null,
    estimate: null,
    leavers: null,
    undone: null,
  }));
}

/** The rows are looked through only where files of both kinds leave it open. */
async function problemKindsOf(ctx: Context, found: ImportRecord, { files }: Import) {
  const outcomes = outcomesToMend(found);
  if (found.state === "applying" || !outcomes.some((outcome) => found.counts[outcome])) return [];
  const kinds = [...new Set(files.flatMap(({ kind }) => kind ?? []))];
  return kinds.length > 1 ? listKindsOf(ctx, found.id, outcomes) : kinds;
}

/** While it is applied the emails are not counted: that takes as long as some batches. */
const isOver = ({ state, started_at }: ImportRecord) =>
  started_at !== null && ["finished", "cancelled", "undoing", "undo_stopped", "undone"].includes(state);

async function describePlan(ctx: Context, found: ImportRecord) {
  const [unknown, notable, same, files] = [
    await listUnknownGroups(ctx, found.id, mostShownGroups),
    await listNotableGroups(ctx, found.id),
    await findSameFiles(ctx, found.id),
    await listFiles(ctx, [found.id]),
  ];
  const before = new Map(same.map((one) => [one.file_no, one]));
  const perSecond = await mailPerSecond(ctx);
  return {
    ...(found.plan && {
      planHash: planHash(found, found.plan),
      seatBelt: await readSeatBelt(ctx, found, found.plan),
      obstacle: await findObstacle(ctx, found, found.plan),
      estimate: {
        mailPerSecond: perSecond,
        mailSeconds: Math.ceil(emailsOf(found, found.plan) / perSecond),
        ...(await hashingEstimate(ctx)),
      },
    }),
    files: files.map((file) => ({
      ...presentFile(ctx, file),
      importedBefore: presentSame(before.get(file.file_no)),
    })),
    unknownGroups: unknown.map(({ name, rows, nearest_id, nearest }) => ({
      name,
      rows,
      nearest: nearest_id && nearest ? { id: nearest_id, name: nearest } : null,
    })),
    chosenGroups: notable
      .filter((group) => group.chosen)
      .map(({ name, rows, id, group_name }) => ({ name, rows, group: { id, name: group_name } })),
    inactiveGroups: notable
      .filter((group) => !group.active)
      .map(({ group_name, rows, id }) => ({ id, name: group_name, rows })),
  };
}

const presentSame = (same: { import_id: string; at: Date } | undefined) =>
  same ? { importId: same.import_id, at: same.at.toISOString() } : null;

type MessageCounts = NonNullable<Import["messages"]>;

/** Neither sent nor given up, held back by nobody. */
const toGo = ({ scheduled, queued, sending, deferred }: MessageCounts) =>
  scheduled + queued + sending + deferred;

async function describeMail(ctx: Context, found: ImportRecord) {
  const messages = await countMessagesOfImport(ctx.tx, ctx.tenantId, found.id);
  const perSecond = await mailPerSecond(ctx);
  return {
    messages,
    estimate: {
      mailPerSecond: perSecond,
      mailSeconds: Math.ceil(toGo(messages) / perSecond),
      ...(await hashingEstimate(ctx)),
    },
  };
}

async function presentLeavers(ctx: Context, found: ImportRecord): Promise<Import["leavers"]> {
  if (found.source === null) return null;
  const { missing, ticked, suspended } = await countLeavers(ctx, found.id);
  const { leavers_grace_days: graceDays, plan } = found;
  return { missing, ticked, graceDays, suspended, unreadable: plan?.unreadable ?? 0 };
}

const doneOutcomes = ["created", "invited", "suspended", "updated", "skipped", "conflict"] as const;
/** Those that did something. */
const effects = doneOutcomes.slice(0, 4);

/** Of one whose undo was stopped there may be groups or leavers left. */
export const canUndo = ({ state, counts }: ImportRecord) =>
  state === "undo_stopped" || ((state === "finished" || state === "cancelled") && sum(counts, effects) > 0);

/** All of it, or as far as it came. */
const wasUndone = ({ state }: ImportRecord) => state === "undone" || state === "undo_stopped";

const undoneOutcomes = ["undone", "kept"] as const;
const sum = (counts: Counts, outcomes: readonly string[]) =>
  outcomes.reduce((total, outcome) => total + (counts[outcome] ?? 0), 0);

function plainFields(ctx: Context, found: ImportRecord) {
  const { rows = 0, ...counts } = found.counts;
  const undoing = found.state === "undoing" || wasUndone(found);
  const applied = sum(counts, undoing ? undoneOutcomes : doneOutcomes);
  return {
    id: found.id,
    state: found.state,
    createMissingGroups: found.create_missing_groups,
    existing: found.existing,
    allOrNothing: found.all_or_nothing,
    mail: presentMail(found),
    source: found.source,
    drift: found.drift && describeDrift(found.drift),
    createdAt: found.created_at.toISOString(),
    startedAt: found.started_at?.toISOString() ?? null,
    finishedAt: found.finished_at?.toISOString() ?? null,
    undoStartedAt: found.undo_started_at?.toISOString() ?? null,
    counts: Object.fromEntries(
      rowOutcome.options.map((outcome) => [outcome, counts[outcome] ?? 0]),
    ) as Import["counts"],
    warnings: found.plan?.warnings ?? 0,
    rows,
    toApply: toApply(found),
    emails: found.plan ? emailsOf(found, found.plan) : 0,
    applied,
    progress: progressOf(ctx, found, applied),
    canUndo: canUndo(found),
    problem: found.state === "undo_stopped" ? undoStopped : found.problem,
    trouble: describeTrouble(found),
  };
}

const undoStopped =
  "Undoing stopped: whoever began it may not undo this import any more. What was undone until then is undone. Somebody who may can go on with it.";

const presentMail = ({ mail, mail_at, mail_time_zone }: ImportRecord): Import["mail"] =>
  mail === "schedule"
    ? { when: mail, at: mail_at?.toISOString() ?? "", timeZone: mail_time_zone ?? "UTC" }
    : { when: mail };

function progressOf({ now }: Context, found: ImportRecord, applied: number): Import["progress"] {
  const left =
    found.state === "applying" ? toApply(found) : found.state === "undoing" ? sum(found.counts, effects) : 0;
  const since = found.state === "undoing" ? found.undo_started_at : found.started_at;
  if (!since || (found.state !== "applying" && found.state !== "undoing")) return null;
  const seconds = Math.max((now.getTime() - since.getTime()) / 1000, 0.001);
  // As fast as it goes now, whatever an undo before had done.
  const perSecond = (applied - (found.counts.undoneBefore ?? 0)) / seconds;
  return { perSecond, secondsLeft: perSecond > 0 ? left / perSecond : null };
}

const words: Partial<Record<string, string>> = {
  ready: "to be made",
  update: "to be changed",
  unchanged: "unchanged",
  existing: "already users",
  duplicate: "duplicates",
  unknown_group: "waiting for a group",
};

/** What is different in the plan now from when it was looked at. */
function describeDrift({ before, after }: Drift): string {
  const differences = Object.entries(words).flatMap(([outcome, word]) => {
    const [was, is] = [before[outcome] ?? 0, after[outcome] ?? 0];
    return was === is ? [] : [`${is.toLocaleString("en")} ${word} (${was.toLocaleString("en")} before)`];
  });
  const what = differences.length > 0 ? differences.join(", ") : "other values of the same people change";
  return `The people or groups here have changed since this plan was made, and so has the plan: ${what}. Nothing was imported.`;
}

const presentFile = (ctx: Context, file: FileRecord & { import_id: string }): Import["files"][number] => {
  const samples = readSamples(ctx, file);
  const { recognised } = file;
  return {
    fileNo: file.file_no,
    name: file.name,
    bytes: file.bytes,
    sha256: file.sha256.toString("hex"),
    kind: file.kind,
    recognised: recognised && {
      format: recognised.format,
      sheets: recognised.sheets,
      sheet: recognised.sheet,
      encoding: recognised.encoding,
      delimiter: recognised.delimiter,
      headerRow: recognised.headerRow,
      columns: recognised.columns.map((column, at) => ({
        ...column,
        samples: column.use === "password" ? [] : (samples[at] ?? []),
      })),
      namesFromAddress: recognised.namesFromAddress,
      notes: recognised.notes,
    },
    addGroups: file.choice.addGroups ?? [],
    mapping: recognised?.mapping ?? "recognised",
    problem: file.problem,
    ways: recognised?.ways ?? [],
    importedBefore: null,
  };
};
