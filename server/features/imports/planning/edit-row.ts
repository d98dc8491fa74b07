import type { Context } from "#server/context.ts";
import { notFound } from "#server/platform/errors.ts";
import { record } from "../../audit/record.ts";
import { openSeals } from "../../credentials/read-sealed-passwords.ts";
import { groupsCell } from "../../groups/groups-cell.ts";
import { allGroupNames } from "../../groups/store.ts";
import { readSettings } from "../../tenants/settings.ts";
import { lockChecked } from "../decide-import.ts";
import { findImportGroups } from "../find-import-groups.ts";
import { mappingOf } from "../map-file.ts";
import { presentImport } from "../present-import.ts";
import { presentRows } from "../present-rows.ts";
import { everybodysGroups, putInto } from "../put-into.ts";
import type { CheckedRow } from "../reading/types.ts";
import { stageRow } from "../stage-row.ts";
import { listFiles } from "../store.ts";
import { findSameAddress } from "../store-places.ts";
import { addImportGroups, type RowRecord, readRow, readSealedPassword, replaceRow } from "../store-rows.ts";
import { shareOf } from "./note-facts.ts";
import { replanPlaces } from "./replan.ts";
import { keepEdit, type RowEdit, type RowPlace, recheckRow } from "./row-edits.ts";

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
  // Whoever shares the old address or the new one is looked at again: one of them may no longer be a duplicate, or be one now.
  const addresses = [before.email_key, staged.emailKey];
  const places = await findSameAddress(ctx, place, addresses);
  const share = await shareOf(ctx, place.importId, places);
  await addImportGroups(ctx, place.importId, await newGroups(checked, known));
  await replaceRow(ctx, place, staged);
  await replanPlaces(ctx, found, { places, addresses, before: share });
  await recordCorrection(ctx, place, edit);
  const after = await readRow(ctx, place.importId, place.fileNo, place.rowNo);
  if (!after) throw notFound("row");
  const [row] = await presentRows(ctx, place.importId, [after]);
  if (!row) throw notFound("row");
  return { row, import: await presentImport(ctx, place.importId) };
}

/** Who it was. What was typed is about somebody nobody knows yet, perhaps their password: it stands in no event. */
const recordCorrection = (ctx: Context, { importId, fileNo, rowNo }: RowPlace, edit: RowEdit) =>
  record(ctx, {
    action: "import.row_corrected",
    target: { kind: "import", id: importId },
    fields: Object.keys(edit),
    details: { file: fileNo, row: rowNo },
  });

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

/** Names that no other row has; who waits for an unknown one is counted when the row has taken its place. */
async function newGroups(checked: CheckedRow, known: Awaited<ReturnType<typeof allGroupNames>>) {
  const named = checked.groupNames.map(
    (name, at) => [checked.groupKeys[at] ?? name, { name, rows: 1 }] as const,
  );
  const groups = await findImportGroups(new Map(named), known);
  return groups.map((group) => (group.groupId === null ? { ...group, rows: 0 } : group));
}
