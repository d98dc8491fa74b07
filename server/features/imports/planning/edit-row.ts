import type { Context } from "#server/context.ts";
import { notFound } from "#server/platform/errors.ts";
import { openSeals } from "../../credentials/read-sealed-passwords.ts";
import { groupsCell } from "../../groups/groups-cell.ts";
import { allGroupNames } from "../../groups/store.ts";
import { readSettings } from "../../tenants/settings.ts";
import { lockChecked } from "../decide-import.ts";
import { findImportGroups } from "../find-import-groups.ts";
import { findLeavers } from "../leavers/store-leavers.ts";
import { mappingOf } from "../map-file.ts";
import { presentImport } from "../present-import.ts";
import { presentRows } from "../present-rows.ts";
import { everybodysGroups, putInto } from "../put-into.ts";
import type { CheckedRow } from "../reading/types.ts";
import { stageRow } from "../stage-row.ts";
import { listFiles } from "../store.ts";
import { addImportGroups, type RowRecord, readRow, readSealedPassword, replaceRow } from "../store-rows.ts";
import { noteFacts, planReadyRows, rulesOf } from "./plan-rows.ts";
import { keepEdit, type RowEdit, type RowPlace, recheckRow } from "./row-edits.ts";
import { markDuplicates, takeUpSameAddress } from "./store-plan.ts";

/** Corrects values of one row before anything is applied: that row alone is checked again, and takes its place in the plan. */
export async function editRow(ctx: Context, place: RowPlace, edit: RowEdit) {
  const found = await lockChecked(ctx, place.importId);
  const before = await readRow(ctx, place.importId, place.fileNo, place.rowNo);
  const file = (await listFiles(ctx, [place.importId])).find((one) => one.file_no === place.fileNo);
  if (!before || !file?.recognised) throw notFound("row");
  const known = await allGroupNames(ctx);
  const knownKeys = new Set(known.map((group) => group.name_key));
  const { passwordMinimum } = await readSettings(ctx);
  const checked = recheckRow(await valuesOf(ctx, place, before), edit, {
    mapping: { ...mappingOf(file.recognised, file.kind), passwordMinimum },
    knownGroup: (key) => knownKeys.has(key),
  });
  putInto(checked, everybodysGroups(file.choice));
  await keepEdit(ctx, place, edit);
  const staged = stageRow({ ...ctx, passwordMinimum }, checked, before.user_id);
  await addImportGroups(ctx, place.importId, await newGroups(checked, known));
  await replaceRow(ctx, place, staged);
  // Whoever shares the old address or the new one is looked at again: one of them may no longer be a duplicate, or be one now.
  const among = [before.email_key, staged.emailKey].filter((key) => key !== "");
  await takeUpSameAddress(ctx, place.importId, among);
  await markDuplicates(ctx, place.importId, among);
  await planReadyRows(ctx, found, { ...(await rulesOf(ctx, found)), among });
  // Whose address was typed is in the file now, and whose is gone may be missing.
  if (found.source !== null) await findLeavers(ctx, found);
  await noteFacts(ctx, found);
  const after = await readRow(ctx, place.importId, place.fileNo, place.rowNo);
  if (!after) throw notFound("row");
  const [row] = await presentRows(ctx, place.importId, [after]);
  if (!row) throw notFound("row");
  return { row, import: await presentImport(ctx, place.importId) };
}

async function valuesOf(ctx: Context, { importId }: RowPlace, row: RowRecord) {
  const sealed = await readSealedPassword(ctx, importId, row);
  const { opened } = openSeals(ctx, sealed ? [{ userId: row.user_id, sealed }] : []);
  return {
    rowNo: row.row_no,
    email: row.email,
    firstName: row.first_name,
    lastName: row.last_name,
    groups: row.group_cell ?? groupsCell(row.groups),
    ...(row.language !== null && { language: row.language }),
    suspended: row.suspended,
    problems: row.problems ?? [],
    notes: row.notes ?? [],
    password: opened.get(row.user_id),
  };
}

const newGroups = (checked: CheckedRow, known: Awaited<ReturnType<typeof allGroupNames>>) =>
  findImportGroups(
    new Map(checked.groupNames.map((name, at) => [checked.groupKeys[at] ?? name, { name, rows: 1 }])),
    known,
  );
