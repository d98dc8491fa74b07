import { z } from "zod";
import { endpoint } from "#server/platform/http/endpoint.ts";
import { tenantParams } from "../tenants/contract.ts";

export const importKind = z.enum(["create", "invite"]);
export const importState = z.enum([
  "uploading",
  "checking",
  "checked",
  "applying",
  "finished",
  "cancelled",
  "failed",
]);

/**
 * What becomes of a row. Before applying: ready, problem, duplicate (an earlier row has the address), existing (the
 * address is already a user: skipped), unknown_group (a problem unless missing groups are created).
 * After: created, invited, suspended (made, but suspended: no email), skipped.
 */
export const rowOutcome = z.enum([
  "ready",
  "problem",
  "duplicate",
  "existing",
  "unknown_group",
  "created",
  "invited",
  "suspended",
  "skipped",
]);

export const rowProblem = z.object({
  column: z.string().describe("The column's header as it stands in the file."),
  code: z.string(),
  read: z.string().describe("What was read there; never a password."),
  message: z.string().describe("What is wrong and how to mend it."),
});

export const importRow = z.object({
  fileNo: z.int(),
  rowNo: z.int().describe("As the spreadsheet shows it: the header is row 1."),
  email: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  groups: z.array(z.string()),
  outcome: rowOutcome,
  problems: z.array(rowProblem),
  notes: z.array(z.object({ column: z.string(), message: z.string() })),
  userId: z.uuid().nullable().describe("The user this row made."),
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
      encoding: z.string(),
      delimiter: z.string(),
      headerRow: z.int(),
      columns: z.array(
        z.object({ header: z.string(), use: z.string().nullable().describe("null: not used") }),
      ),
    })
    .nullable(),
  problem: z.string().nullable().describe("Why nothing of this file can be imported, and what to do."),
});

export const importSchema = z.object({
  id: z.uuid(),
  state: importState,
  createMissingGroups: z.boolean(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  createdBy: z.object({ id: z.uuid(), name: z.string() }),
  files: z.array(importFile),
  counts: z.record(rowOutcome, z.int()),
  rows: z.int().describe("Rows read so far that are not blank."),
  toApply: z.int().describe("How many users Import CSV would make now."),
  applied: z.int().describe("How many rows are done."),
  unknownGroups: z.array(
    z.object({
      name: z.string(),
      rows: z.int(),
      nearest: z.string().nullable().describe("The nearest existing name."),
    }),
  ),
  messages: z
    .object({ waiting: z.int(), accepted: z.int(), deferred: z.int(), failed: z.int(), withdrawn: z.int() })
    .nullable()
    .describe("Where the emails of this import stand."),
  problem: z.string().nullable().describe("Why the whole import failed."),
});
export type Import = z.output<typeof importSchema>;

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
    cursor: z.string().max(400).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(100),
  }),
  output: z.object({ items: z.array(importRow), nextCursor: z.string().nullable() }),
  errors: ["not_found", "cursor.invalid"],
});

export const changeImport = endpoint({
  method: "PATCH",
  path: "/t/:tenant/imports/:importId",
  summary: "Choose, before applying, whether groups that do not exist are created",
  params: importParams,
  body: z.object({ createMissingGroups: z.boolean() }),
  output: importSchema,
  errors: ["not_found", "import.not_checked"],
});

export const applyImport = endpoint({
  method: "POST",
  path: "/t/:tenant/imports/:importId/apply",
  summary: "Import CSV: make the users of all rows that are ready, in the background",
  params: importParams,
  output: importSchema,
  status: 202,
  errors: ["not_found", "import.not_checked", "import.nothing_to_import"],
});

export const cancelImport = endpoint({
  method: "POST",
  path: "/t/:tenant/imports/:importId/cancel",
  summary: "Stop an import; what is done stays, the rest is not done",
  params: importParams,
  output: importSchema,
  errors: ["not_found", "import.already_finished"],
});

export const downloadProblems = endpoint({
  method: "GET",
  path: "/t/:tenant/imports/:importId/report.csv",
  summary: "Every row with its outcome and problems, as CSV",
  params: importParams,
  output: z.string(),
  produces: "text/csv",
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
