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
    return rows > 0 ? [counted(rows, word)] : [];
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

/** A plan of undoing in lines: what happens to how many, and who is left alone. */
export function describeUndo(plan: UndoPlan): string {
  const effects: [number, string][] = [
    [plan.erase, "erased"],
    [plan.emailed, "of them sent an email before; links and passwords in it stop working"],
    [plan.restore, "given back old names, languages and groups"],
    [plan.withdraw, "emails not sent yet withdrawn"],
    [plan.removeGroups, "groups made by it deleted"],
    [plan.reactivate, "suspended as missing let in again"],
    [plan.welcomes.atOnce, "of them get their first email at once"],
    [plan.welcomes.waiting, "first emails to them wait as before"],
    [plan.keptLeavers, "whom an earlier import was to suspend, found again in this file, stay"],
  ];
  const told = [
    ...effects.flatMap(([many, words]) => (many > 0 ? [counted(many, words)] : [])),
    ...plan.conflicts.map(({ rows, message }) => counted(rows, `left alone: ${message}`)),
  ];
  return told.length > 0 ? told.join("\n") : "There is nothing left that could be undone.";
}

const counted = (many: number, words: string) => `${many.toLocaleString("en").padStart(9)} ${words}`;
