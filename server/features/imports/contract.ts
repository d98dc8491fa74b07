import { z } from "zod";
import { endpoint } from "#server/platform/http/endpoint.ts";
import { groupName } from "../groups/contract.ts";
import { tenantParams } from "../tenants/contract.ts";
import {
  columnUse,
  existingPeople,
  importKind,
  importMail,
  importRow,
  importSchema,
  rowOutcome,
  safetyAnswer,
  undoConflict,
  undoPlan,
} from "./shapes.ts";

export type { Import, ImportRow, UndoPlan } from "./shapes.ts";

export const importParams = tenantParams.extend({ importId: z.uuid() });

export const createImport = endpoint({
  method: "POST",
  path: "/t/:tenant/imports",
  summary: "Upload one or several CSV files and have them checked; nothing is imported yet",
  params: tenantParams,
  accepts: "multipart/form-data",
  output: importSchema,
  status: 202,
  errors: [
    "import.no_file",
    "import.file_too_large",
    "import.too_many_files",
    "import.too_many_open",
    "import.too_many_today",
    "import.upload_given_up",
    "import.upload_broken",
  ],
});

export const listImports = endpoint({
  method: "GET",
  path: "/t/:tenant/imports",
  summary: "All imports, the newest first",
  params: tenantParams,
  query: z.object({
    cursor: z.string().max(400).optional(),
    limit: z.coerce.number().int().min(1).max(100).default(20),
  }),
  output: z.object({ items: z.array(importSchema), nextCursor: z.string().nullable() }),
  errors: ["cursor.invalid"],
});

export const getImport = endpoint({
  method: "GET",
  path: "/t/:tenant/imports/:importId",
  summary: "One import: what was recognised, what would happen or has happened, progress",
  params: importParams,
  output: importSchema,
  errors: ["not_found"],
});

export const listImportRows = endpoint({
  method: "GET",
  path: "/t/:tenant/imports/:importId/rows",
  summary: "The rows of an import, in the order of the files; of one outcome when asked",
  params: importParams,
  query: z.object({
    outcome: rowOutcome.optional(),
    warnings: z.stringbool().optional().describe("Only rows with something worth a look."),
    cursor: z.string().max(400).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(100),
  }),
  output: z.object({ items: z.array(importRow), nextCursor: z.string().nullable() }),
  errors: ["not_found", "cursor.invalid"],
});

export const changeImport = endpoint({
  method: "PATCH",
  path: "/t/:tenant/imports/:importId",
  summary: "Choose, before applying, what happens to unknown groups, existing people and the emails",
  params: importParams,
  body: z.object({
    createMissingGroups: z.boolean().optional(),
    existing: existingPeople.optional(),
    allOrNothing: z.boolean().optional().describe("Apply only if no row has a problem."),
    mail: importMail.optional(),
    source: z.string().trim().min(1).max(100).nullable().optional(),
    groups: z
      .array(z.object({ name: z.string().max(300), groupId: z.uuid().nullable() }))
      .max(200)
      .optional()
      .describe("Which existing group a name in the file stands for; null: take that back."),
    leaversGraceDays: z
      .int()
      .min(0)
      .max(90)
      .optional()
      .describe("After how many days those of the same source who are missing and ticked are suspended."),
  }),
  output: importSchema,
  errors: ["not_found", "import.not_checked", "group.unknown", "import.mail_time"],
});

const leaver = z.object({
  userId: z.uuid(),
  name: z.string(),
  email: z.string(),
  ticked: z.boolean().describe("To be suspended when the days of grace are over."),
  suspended: z.boolean().describe("By this import."),
});
export type Leaver = z.output<typeof leaver>;

export const listLeavers = endpoint({
  method: "GET",
  path: "/t/:tenant/imports/:importId/leavers",
  summary: "People whom an earlier import of the same source brought in and who are missing from this one",
  params: importParams,
  query: z.object({
    search: z.string().max(200).optional().describe("Somewhere in the name or the address."),
    cursor: z.string().max(2000).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(100),
  }),
  output: z.object({
    items: z.array(leaver),
    nextCursor: z.string().nullable(),
  }),
  errors: ["not_found", "cursor.invalid"],
});

export const chooseLeavers = endpoint({
  method: "POST",
  path: "/t/:tenant/imports/:importId/leavers",
  summary: "Choose, before applying, who of those missing is to be suspended",
  params: importParams,
  body: z.object({
    ticked: z.boolean(),
    userIds: z.array(z.uuid()).min(1).max(1000).optional().describe("Left out: everybody who is missing."),
  }),
  output: importSchema,
  errors: ["not_found", "import.not_checked"],
});

export const changeImportFile = endpoint({
  method: "PATCH",
  path: "/t/:tenant/imports/:importId/files/:fileNo",
  summary: "Correct how a file is read; it is then read and checked again",
  params: importParams.extend({ fileNo: z.coerce.number().int().min(1).max(100) }),
  body: z.object({
    encoding: z.string().max(20).optional(),
    delimiter: z.enum([",", ";", "\t", "|"]).optional(),
    headerRow: z.int().min(1).max(50).optional(),
    sheet: z.string().max(200).optional(),
    kind: importKind.optional(),
    columns: z
      .array(columnUse.nullable())
      .max(500)
      .nullable()
      .optional()
      .describe(
        "The use of each column, in the order of the file; null: as recognised, and forget what was remembered.",
      ),
    namesFromAddress: z.boolean().optional(),
    addGroups: z.array(groupName).max(20).optional(),
  }),
  output: importSchema,
  status: 202,
  errors: ["not_found", "import.not_checked", "import.unknown_encoding"],
});

export const changeImportRow = endpoint({
  method: "PATCH",
  path: "/t/:tenant/imports/:importId/rows/:fileNo/:rowNo",
  summary: "Correct values of one row, which alone is checked again",
  params: importParams.extend({
    fileNo: z.coerce.number().int().min(1).max(100),
    rowNo: z.coerce.number().int().min(1).max(2_000_000),
  }),
  body: z.object({
    firstName: z.string().max(1000).optional(),
    lastName: z.string().max(1000).optional(),
    email: z.string().max(1000).optional(),
    groups: z.string().max(5000).optional().describe("Names, separated by semicolons."),
    language: z.string().max(100).optional(),
    password: z.string().max(1000).optional(),
    suspended: z
      .boolean()
      .optional()
      .describe("Whether a new user is made suspended, whatever the file says."),
  }),
  output: z.object({ row: importRow, import: importSchema }),
  errors: ["not_found", "import.not_checked"],
});

export const applyImport = endpoint({
  method: "POST",
  path: "/t/:tenant/imports/:importId/apply",
  summary: "Import CSV: carry out the plan of that hash, in the background",
  params: importParams,
  body: z.object({
    planHash: z.string().max(100),
    confirmation: z.string().max(200).optional().describe("The phrase of the seat belt, where there is one."),
  }),
  output: importSchema,
  status: 202,
  errors: [
    "not_found",
    "import.not_checked",
    "import.nothing_to_import",
    "import.plan_changed",
    "import.confirmation_needed",
    "import.rows_have_problems",
    "import.mail_time",
    "tenant.full",
    "user.not_yours_to_change",
  ],
});

export const cancelImport = endpoint({
  method: "POST",
  path: "/t/:tenant/imports/:importId/cancel",
  summary: "Stop an import; what is done stays, the rest is not done",
  params: importParams,
  output: importSchema,
  errors: ["not_found", "import.already_finished"],
});

export const downloadReport = endpoint({
  method: "GET",
  path: "/t/:tenant/imports/:importId/report.csv",
  summary: "Every row with its outcome, problems and changes, and where its email stands, as CSV",
  params: importParams,
  output: z.string(),
  produces: "text/csv",
  errors: ["not_found"],
});

export const downloadReportWorkbook = endpoint({
  method: "GET",
  path: "/t/:tenant/imports/:importId/report.xlsx",
  summary: "The same as a workbook",
  params: importParams,
  output: z.string(),
  produces: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  errors: ["not_found"],
});

export const downloadTemplate = endpoint({
  method: "GET",
  path: "/t/:tenant/import-templates/:kind",
  summary: "The User Creation Template (`create.csv`) or the User Invite Template (`invite.csv`)",
  params: tenantParams.extend({ kind: z.enum(["create.csv", "invite.csv"]) }),
  output: z.string(),
  produces: "text/csv",
  errors: [],
});

const kindOfRows = z.object({
  kind: importKind
    .optional()
    .describe("Only the rows that create, or only those that invite; to be said where an import does both."),
});

export const downloadProblemRows = endpoint({
  method: "GET",
  path: "/t/:tenant/imports/:importId/problem-rows.csv",
  summary:
    "The rows that cannot be imported, in the template's columns plus row and problem, to mend and upload again",
  params: importParams,
  query: kindOfRows,
  output: z.string(),
  produces: "text/csv",
  errors: ["not_found", "import.two_kinds"],
});

export const downloadProblemWorkbook = endpoint({
  method: "GET",
  path: "/t/:tenant/imports/:importId/problem-rows.xlsx",
  summary: "The same as a workbook",
  params: importParams,
  query: kindOfRows,
  output: z.string(),
  produces: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  errors: ["not_found", "import.two_kinds"],
});

export const planUndo = endpoint({
  method: "GET",
  path: "/t/:tenant/imports/:importId/undo",
  summary: "What undoing an import would do, and what it would leave alone because it changed since",
  params: importParams,
  output: undoPlan,
  errors: ["not_found", "import.cannot_undo"],
});

export const listUndoConflicts = endpoint({
  method: "GET",
  path: "/t/:tenant/imports/:importId/undo/conflicts",
  summary: "The rows whose people changed since, and stay as they are",
  params: importParams,
  query: z.object({
    cursor: z.string().max(400).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(100),
  }),
  output: z.object({ items: z.array(undoConflict), nextCursor: z.string().nullable() }),
  errors: ["not_found", "import.cannot_undo", "cursor.invalid"],
});

export const undoImport = endpoint({
  method: "POST",
  path: "/t/:tenant/imports/:importId/undo",
  summary: "Undo an import, in the background, by the plan of that hash",
  params: importParams,
  body: z.object({ planHash: z.string().max(100) }),
  output: importSchema,
  status: 202,
  errors: ["not_found", "import.cannot_undo", "import.plan_changed", "user.not_yours_to_change"],
});

export const countHeldMail = endpoint({
  method: "GET",
  path: "/t/:tenant/imports/:importId/mail/held",
  summary: "How many emails of an import are held, of one group's people when asked",
  params: importParams,
  query: z.object({ groupId: z.uuid().optional() }),
  output: z.object({ held: z.int() }),
  errors: ["not_found"],
});

export const releaseMail = endpoint({
  method: "POST",
  path: "/t/:tenant/imports/:importId/mail/release",
  summary: "Send the held emails of an import, or first those to the people of one group",
  params: importParams,
  body: z.object({ groupId: z.uuid().optional() }),
  output: z.object({ released: z.int(), import: importSchema }),
  errors: ["not_found", "import.being_undone"],
});

export const retryMail = endpoint({
  method: "POST",
  path: "/t/:tenant/imports/:importId/mail/retry",
  summary: "Send those emails of an import anew that failed",
  params: importParams,
  output: z.object({ retried: z.int(), import: importSchema }),
  errors: ["not_found", "import.being_undone"],
});

export const getProvenance = endpoint({
  method: "GET",
  path: "/t/:tenant/users/:userId/provenance",
  summary: "The imports a user came from or was changed by, the newest first",
  params: tenantParams.extend({ userId: z.uuid() }),
  output: z.object({
    items: z.array(
      z.object({
        importId: z.uuid(),
        fileName: z.string(),
        fileNo: z.int(),
        rowNo: z.int(),
        outcome: rowOutcome,
        made: z.boolean().describe("The row made this user; otherwise it changed them."),
        at: z.iso.datetime(),
        by: z.string(),
      }),
    ),
  }),
  errors: [],
});

export const getImportSafety = endpoint({
  method: "GET",
  path: "/t/:tenant/import-safety",
  summary: "Above which numbers an import asks for a typed confirmation",
  params: tenantParams,
  output: safetyAnswer,
  errors: [],
});

export const changeImportSafety = endpoint({
  method: "PUT",
  path: "/t/:tenant/import-safety",
  summary: "Set above which numbers an import asks for a typed confirmation",
  params: tenantParams,
  body: safetyAnswer,
  output: safetyAnswer,
  errors: ["changed_meanwhile"],
});
