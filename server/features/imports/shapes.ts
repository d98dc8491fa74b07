import { z } from "zod";
import { messageState } from "../mail/contract.ts";
import { languages } from "../tenants/tenant-settings.ts";

export const importKind = z.enum(["create", "invite"]);
export const importState = z.enum([
  "uploading",
  "checking",
  "checked",
  "applying",
  "finished",
  "cancelled",
  "failed",
  "undoing",
  "undo_stopped",
  "undone",
]);

/**
 * What becomes of a row. Planned: ready (a new user), update, unchanged, existing (already a user: left out), duplicate (an
 * earlier row has the address), problem, unknown_group (a problem unless the group is created or another is named). Done:
 * created, invited, suspended (made, but suspended: no email), updated, skipped (became a user meanwhile), conflict (changed
 * meanwhile: left alone). Undone: undone, kept (changed since: left alone).
 */
export const rowOutcome = z.enum([
  "ready",
  "update",
  "unchanged",
  "existing",
  "duplicate",
  "problem",
  "unknown_group",
  "created",
  "invited",
  "suspended",
  "updated",
  "skipped",
  "conflict",
  "undone",
  "kept",
]);

/** What a column is used for. `blocked`: whether somebody must not get in. */
export const columnUse = z.enum([
  "firstName",
  "lastName",
  "fullName",
  "email",
  "password",
  "groups",
  "language",
  "blocked",
]);

/** What happens to somebody who is a user already. Never their password, their role, their status or an owner. */
export const existingPeople = z.enum(["skip", "add_groups", "replace_groups"]);

export const importMail = z.discriminatedUnion("when", [
  z.object({ when: z.literal("now") }),
  z.object({ when: z.literal("hold").describe("Until somebody releases it.") }),
  z.object({
    when: z.literal("schedule"),
    at: z.iso.datetime().describe("The moment, in UTC."),
    timeZone: z
      .string()
      .max(60)
      .describe("In which the moment was chosen and is shown, such as Europe/Berlin."),
  }),
]);

const field = z
  .enum(["firstName", "lastName", "email", "password", "groups", "language", "status"])
  .nullable();

export const rowProblem = z.object({
  column: z.string().describe("The column's header as it stands in the file; empty: the whole row."),
  field: field.describe("The value it is about."),
  code: z.string(),
  read: z.string().describe("What was read there; never a password."),
  message: z.string().describe("What is wrong and how to mend it."),
});

export const rowChange = z.object({
  field: z.enum(["firstName", "lastName", "language", "groups"]),
  old: z.string().describe("Of a language: its name; empty: the tenant's."),
  new: z.string().describe("Of groups: those added with + and those removed with −."),
});

export const importRow = z.object({
  fileNo: z.int(),
  rowNo: z.int().describe("As the spreadsheet shows it: the header is row 1."),
  email: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  groups: z
    .array(z.string())
    .describe("By the names the groups have here; one that does not exist by its name in the file."),
  renamedGroups: z
    .array(z.object({ read: z.string(), name: z.string() }))
    .describe("Names in the file that stand for a group called otherwise."),
  groupCell: z
    .string()
    .describe(
      "The groups in one cell as they were read, from which the same are read again; of a row with problems those too that are refused.",
    ),
  language: z
    .enum(languages)
    .nullable()
    .describe("Of emails; null: the tenant's or, of somebody who is a user already, as it is."),
  hasPassword: z.boolean().describe("A password of this row waits, sealed."),
  suspended: z.boolean().describe("The file says that this person must not get in: a new user is suspended."),
  outcome: rowOutcome,
  undo: z
    .enum(["erased", "restored", "signed_in", "changed", "listed", "gone", "partly_changed"])
    .nullable()
    .describe(
      "What undoing the import did with whom this row made or changed: erased them, gave back what they had, or left them alone, and why.",
    ),
  problems: z.array(rowProblem),
  warnings: z.array(z.object({ column: z.string(), field, message: z.string() })),
  changes: z
    .array(rowChange)
    .describe(
      "What it changes, or changed, of an existing user; where that was undone, what undoing changed.",
    ),
  userId: z.uuid().nullable().describe("The user this row made, changes or is about."),
  message: z
    .object({ state: messageState, at: z.iso.datetime(), lastReply: z.string().nullable() })
    .nullable()
    .describe(
      "Where the latest email stands that told this person of their account, also of whoever undoing has erased.",
    ),
});
export type ImportRow = z.output<typeof importRow>;

export const importFile = z.object({
  fileNo: z.int(),
  name: z.string(),
  bytes: z.int(),
  sha256: z.string(),
  kind: importKind.nullable(),
  recognised: z
    .object({
      format: z.enum(["csv", "xlsx"]),
      sheets: z.array(z.string()).describe("Of a workbook."),
      sheet: z.string().nullable(),
      encoding: z.string(),
      delimiter: z.string(),
      headerRow: z.int(),
      columns: z.array(
        z.object({
          header: z.string(),
          use: columnUse.nullable().describe("null: not used"),
          groupCandidate: z.boolean().describe("Looks like groups, but nobody said so."),
          samples: z.array(z.string()).describe("The first values, shortened; none of a password column."),
        }),
      ),
      namesFromAddress: z.boolean(),
      notes: z.array(z.string()).describe("What was guessed and is worth a look."),
    })
    .nullable(),
  addGroups: z.array(z.string()).describe("Names of groups that everybody of this file is put into."),
  mapping: z
    .enum(["recognised", "chosen", "remembered"])
    .describe("Where the use of the columns comes from; remembered: from an earlier import of such a file."),
  problem: z.string().nullable().describe("Why nothing of this file can be imported, and what to do."),
  ways: z
    .array(z.enum(["map_columns", "names_from_address"]))
    .describe("What can be done about it without touching the file."),
  importedBefore: z
    .object({ importId: z.uuid(), at: z.iso.datetime() })
    .nullable()
    .describe("The very same file was imported already."),
});

const seatBelt = z.object({
  reasons: z.array(
    z.object({
      code: z.enum([
        "administrators",
        "yourself",
        "many_changes",
        "many_emails",
        "new_domains",
        "new_groups",
        "leavers",
      ]),
      message: z.string(),
    }),
  ),
  phrase: z.string().describe("What must be typed, and sent as `confirmation`, to apply all the same."),
});

const obstacle = z.object({
  reason: z
    .enum(["nothing_changes", "nobody_ready", "rows_have_problems"])
    .describe(
      "nothing_changes: everybody in the files is here already; nobody_ready: every other row needs something first; rows_have_problems: all or nothing is chosen.",
    ),
  message: z.string(),
});

const doneBy = z.object({ id: z.uuid().nullable().describe("null: whoever runs Muster"), name: z.string() });

export const importSchema = z.object({
  id: z.uuid(),
  state: importState,
  createMissingGroups: z.boolean(),
  existing: existingPeople,
  allOrNothing: z.boolean(),
  mail: importMail,
  source: z.string().nullable(),
  planHash: z.string().nullable().describe("Of the plan as it is shown; null while there is none."),
  seatBelt: seatBelt.nullable(),
  obstacle: obstacle.nullable().describe("Why Import CSV would do nothing now; null: it does something."),
  drift: z
    .string()
    .nullable()
    .describe("The tenant changed since the plan was made, and so did the plan: what is different now."),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  createdBy: doneBy.describe("Who uploaded the files."),
  startedBy: doneBy.nullable().describe("Who pressed Import CSV; null: nobody yet."),
  undoStartedAt: z.iso.datetime().nullable(),
  undoStartedBy: doneBy.nullable().describe("Who pressed Undo import; null: nobody yet."),
  files: z.array(importFile),
  counts: z.record(rowOutcome, z.int()),
  problemKinds: z
    .array(importKind)
    .describe("Which kinds the rows to mend are of; each has a download of its own. Empty in a list."),
  warnings: z.int().describe("Rows with something worth a look that stops nothing."),
  rows: z.int().describe("Rows read so far that are not blank."),
  toApply: z.int().describe("How many users Import CSV would make or change now."),
  emails: z.int().describe("How many emails that sends."),
  applied: z.int().describe("How many rows are done."),
  progress: z
    .object({ perSecond: z.number(), secondsLeft: z.number().nullable() })
    .nullable()
    .describe("While rows are applied or undone."),
  unknownGroups: z.array(
    z.object({
      name: z.string(),
      rows: z.int(),
      nearest: z
        .object({ id: z.uuid(), name: z.string() })
        .nullable()
        .describe("The nearest existing group."),
    }),
  ),
  chosenGroups: z
    .array(z.object({ name: z.string(), rows: z.int(), group: z.object({ id: z.uuid(), name: z.string() }) }))
    .describe("Names in the file for which somebody named an existing group."),
  inactiveGroups: z.array(z.object({ id: z.uuid(), name: z.string(), rows: z.int() })),
  messages: z
    .object({
      held: z.int(),
      scheduled: z.int(),
      queued: z.int(),
      sending: z.int(),
      deferred: z.int(),
      accepted: z.int().describe("By a mail server, or kept in the built-in mailbox."),
      kept: z.int().describe("Of those that were accepted: kept in the built-in mailbox."),
      failed: z.int().describe("And no later email took their place, as of those that were withdrawn."),
      withdrawn: z.int(),
    })
    .nullable()
    .describe("Where the emails of this import stand."),
  estimate: z
    .object({
      mailPerSecond: z.number(),
      mailSeconds: z.number().describe("Until the emails of this import that are not sent yet are sent."),
      passwordsWaiting: z.int(),
      hashingSeconds: z.number(),
    })
    .nullable(),
  leavers: z
    .object({
      missing: z.int(),
      ticked: z.int().describe("Chosen to be suspended when the days of grace are over."),
      graceDays: z.int(),
      suspended: z.int(),
      unreadable: z
        .int()
        .describe("Rows whose address cannot be read: they may be about anybody who is listed."),
    })
    .nullable()
    .describe("People whom an earlier import of the same source brought in and who are not in this file."),
  canUndo: z.boolean(),
  undone: z
    .object({
      erased: z.int().describe("People it had made."),
      emailed: z.int().describe("Those of them who had been sent an email."),
      restored: z.int().describe("People who got back what it had changed."),
    })
    .nullable()
    .describe("What undoing came to, so far where it was stopped; null in a list."),
  problem: z.string().nullable().describe("Why the whole import failed, or undoing it was stopped."),
  trouble: z
    .string()
    .nullable()
    .describe("What keeps the database from getting on with it: a full disk. It goes on by itself."),
});
export type Import = z.output<typeof importSchema>;

export const undoPlan = z.object({
  hash: z.string(),
  erase: z.int().describe("People this import made who are erased; their addresses are free again."),
  emailed: z.int().describe("Those of them who have been sent an email already."),
  restore: z.int().describe("People this import changed who get their old names, languages and groups back."),
  withdraw: z.int().describe("Emails that were not sent yet and are withdrawn."),
  removeGroups: z.int().describe("Groups this import made that nobody else is in."),
  reactivate: z.int().describe("Leavers who are let in again."),
  welcomes: z
    .object({
      atOnce: z.int(),
      waiting: z.int().describe("Held, or before their time, as those were that were withdrawn."),
    })
    .describe("First emails that go to leavers who are let in again and never got theirs."),
  keptLeavers: z
    .int()
    .describe(
      "People an earlier import of that source was to suspend, had this one not had them again: they stay.",
    ),
  conflicts: z.array(
    z.object({
      code: z.enum(["signed_in", "changed", "listed", "gone", "partly_changed"]),
      rows: z.int(),
      message: z.string(),
    }),
  ),
});
export type UndoPlan = z.output<typeof undoPlan>;

export const undoConflict = z.object({
  fileNo: z.int(),
  rowNo: z.int(),
  email: z.string(),
  userId: z.uuid().nullable(),
  message: z.string().describe("What changed since, and therefore stays as it is."),
});

const upTo = (most: number) => {
  const words = `Enter a whole number from 0 to ${most}.`;
  return z.int(words).min(0, words).max(most, words);
};

/** Above which numbers an import asks for a typed confirmation. */
export const importSafety = z.object({
  changedPercent: upTo(100).describe("Existing users changed, in percent of all."),
  emails: upTo(1_000_000),
  newGroups: upTo(20_000),
});

export const safetyAnswer = importSafety.extend({
  version: z.int().describe("Send it back with a change: a change made meanwhile is then not overwritten."),
});

/** Unless the tenant says otherwise. */
export const usualSafety: Readonly<z.output<typeof importSafety>> = {
  changedPercent: 20,
  emails: 1000,
  newGroups: 5,
};
