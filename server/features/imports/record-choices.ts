import type { Context } from "#server/context.ts";
import { changesBetween } from "../audit/personal.ts";
import { record } from "../audit/record.ts";
import { type ImportRecord, readImport } from "./store.ts";

/** Whoever presses Import CSV need not be who chose. */
export async function recordChoices(ctx: Context, before: ImportRecord, groupsNamed: boolean) {
  const after = await readImport(ctx, before.id);
  const changes = after ? changesBetween(choicesOf(before), choicesOf(after)) : {};
  const fields = [...Object.keys(changes), ...(groupsNamed ? ["groups"] : [])];
  if (fields.length === 0) return;
  const target = { kind: "import", id: before.id } as const;
  await record(ctx, { action: "import.choices_changed", target, changes, fields });
}

const choicesOf = (found: ImportRecord) => ({
  createMissingGroups: found.create_missing_groups,
  existing: found.existing,
  allOrNothing: found.all_or_nothing,
  mail: found.mail,
  mailAt: found.mail_at?.toISOString() ?? null,
  source: found.source,
  leaversGraceDays: found.leavers_grace_days,
});
