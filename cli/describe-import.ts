import type { Import, Leaver, UndoPlan } from "#server/features/imports/contract.ts";

const words: Record<string, string> = {
  ready: "to be made",
  update: "to be changed",
  created: "created",
  invited: "invited",
  suspended: "created, suspended",
  updated: "changed",
  unchanged: "unchanged",
  existing: "already users, left as they are",
  duplicate: "twice in the file",
  unknown_group: "waiting for a group that does not exist",
  problem: "with problems",
  skipped: "skipped",
  conflict: "changed meanwhile, left alone",
  undone: "undone",
  kept: "kept, changed since",
};

/** An import in lines: what each file is, what happens to how many, what stands in the way. */
export function describeImport(found: Import): string {
  const files = found.files.map(
    (file) => `${file.name}: ${file.problem ?? (file.kind === "create" ? "creates users" : "invites users")}`,
  );
  const counts = Object.entries(words).flatMap(([outcome, word]) => {
    const rows = found.counts[outcome as keyof Import["counts"]] ?? 0;
    return rows > 0 ? [`${rows.toLocaleString("en").padStart(9)} ${word}`] : [];
  });
  const plan =
    found.state === "checked" && found.planHash
      ? [`${found.emails.toLocaleString("en")} emails. Plan ${found.planHash}`]
      : [];
  const obstacle = found.obstacle ? [found.obstacle.message] : [];
  const belt = (found.seatBelt?.reasons ?? []).map((reason) => `! ${reason.message}`);
  const confirm = found.seatBelt ? [`Confirm it with --confirm ${found.seatBelt.phrase}`] : [];
  const groups = found.unknownGroups.map(
    ({ name, rows, nearest }) =>
      `No group ${name} (${rows} rows)${nearest ? `; is ${nearest.name} meant?` : ""}`,
  );
  const { leavers } = found;
  const missing = leavers?.missing
    ? [
        `${leavers.missing.toLocaleString("en")} of ${found.source} missing, ${leavers.ticked.toLocaleString("en")} of them suspended ${leavers.graceDays} days after the import`,
      ]
    : [];
  const problem = found.problem ? [found.problem] : [];
  return [
    `Import ${found.id}: ${found.state}`,
    ...files,
    ...counts,
    ...groups,
    ...missing,
    ...plan,
    ...obstacle,
    ...belt,
    ...confirm,
    ...problem,
  ].join("\n");
}

export const describeLeavers = (leavers: readonly Leaver[]): string =>
  [
    `${leavers.length.toLocaleString("en")} missing`,
    ...leavers.map(
      ({ name, email, ticked, suspended }) =>
        `${suspended ? "suspended" : ticked ? "to be suspended" : "left alone"}\t${name}\t${email}`,
    ),
  ].join("\n");

export const describeUndo = (plan: UndoPlan): string =>
  [
    `${plan.erase} people are erased, ${plan.restore} get their old names, languages and groups back, ${plan.withdraw} emails are withdrawn, ${plan.removeGroups} groups deleted.`,
    ...(plan.reactivate > 0
      ? [
          `${plan.reactivate} suspended as missing are let in again; ${plan.welcomes.atOnce} of them get their first email at once, ${plan.welcomes.waiting} first emails wait as before.`,
        ]
      : []),
    ...(plan.keptLeavers > 0
      ? [`${plan.keptLeavers} an earlier import was to suspend, found again in this file, stay.`]
      : []),
    ...plan.conflicts.map(({ rows, message }) => `${rows} left alone: ${message}`),
  ].join("\n");
