import { Readable } from "node:stream";
import { z } from "zod";
import { readCursor, writeCursor } from "#server/platform/http/cursor.ts";
import { serve, serveSlowly } from "#server/route.ts";
import { changeFile } from "./change-file.ts";
import * as contract from "./contract.ts";
import { cancelImport, changeImport, startImport } from "./decide-import.ts";
import { chooseLeavers } from "./leavers/choose-leavers.ts";
import { presentLeavers } from "./leavers/present-leavers.ts";
import { editRow } from "./planning/edit-row.ts";
import { changeSafety, presentSafety } from "./planning/safety.ts";
import { presentImport, presentImports } from "./present-import.ts";
import { presentRows } from "./present-rows.ts";
import { chooseProblemRows, problemRowsCsv, problemRowsWorkbook } from "./problem-rows.ts";
import { provenanceOf } from "./provenance.ts";
import { importTemplate } from "./reading/templates.ts";
import { receiveUpload } from "./receive-upload.ts";
import { releaseMail, retryMail } from "./release-mail.ts";
import { reportCsv, reportWorkbook } from "./report.ts";
import { requireImport } from "./require-import.ts";
import { listImportRecords } from "./store.ts";
import { countHeld } from "./store-mail.ts";
import { listRows } from "./store-rows.ts";
import { planUndo, presentConflict, startUndo } from "./undoing/plan-undo.ts";
import { listConflicts } from "./undoing/store-undo.ts";

const importKeys = z.tuple([z.iso.datetime(), z.uuid()]);
const rowKeys = z.tuple([z.int32(), z.int32()]);

export const importRoutes = [
  serve(contract.downloadTemplate, {
    permission: "imports.run",
    handle: async (_ctx, { params }, http) => {
      const kind = params.kind === "create.csv" ? "create" : "invite";
      http.download(kind === "create" ? "user-creation-template.csv" : "user-invite-template.csv");
      return importTemplate(kind);
    },
  }),
  serveSlowly(contract.createImport, {
    permission: "imports.run",
    handle: (door, _input, http) => receiveUpload(door, http.files()),
  }),
  serve(contract.listImports, {
    permission: "imports.read",
    handle: async (ctx, { query: { cursor, limit } }) => {
      const before = cursor === undefined ? undefined : readCursor(cursor, importKeys);
      const found = await listImportRecords(ctx, { before, limit });
      const shown = found.slice(0, limit);
      const last = found.length > limit ? shown.at(-1) : undefined;
      return {
        items: await presentImports(ctx, shown),
        nextCursor: last ? writeCursor(last.created_at.toISOString(), last.id) : null,
      };
    },
  }),
  serve(contract.listLeavers, {
    permission: "imports.read",
    handle: (ctx, { params, query }) => presentLeavers(ctx, params.importId, query),
  }),
  serve(contract.chooseLeavers, {
    permission: "imports.run",
    handle: (ctx, { params: { importId }, body }) => chooseLeavers(ctx, importId, body),
  }),
  serve(contract.getImport, {
    permission: "imports.read",
    handle: (ctx, { params }) => presentImport(ctx, params.importId),
  }),
  serve(contract.listImportRows, {
    permission: "imports.read",
    handle: async (ctx, { params, query: { cursor, limit, outcome, warnings } }) => {
      await requireImport(ctx, params.importId);
      const after = cursor === undefined ? ([0, 0] as const) : readCursor(cursor, rowKeys);
      const found = await listRows(ctx, params.importId, { outcome, warnings, after, limit });
      const shown = found.slice(0, limit);
      const last = found.length > limit ? shown.at(-1) : undefined;
      return {
        items: await presentRows(ctx, params.importId, shown),
        nextCursor: last ? writeCursor(last.file_no, last.row_no) : null,
      };
    },
  }),
  serve(contract.changeImport, {
    permission: "imports.run",
    handle: (ctx, { params, body }) => changeImport(ctx, params.importId, body),
  }),
  serve(contract.changeImportFile, {
    permission: "imports.run",
    handle: (ctx, { params, body }) => changeFile(ctx, params, body),
  }),
  serve(contract.changeImportRow, {
    permission: "imports.run",
    handle: (ctx, { params, body }) => editRow(ctx, params, body),
  }),
  serve(contract.applyImport, {
    permission: "imports.run",
    handle: (ctx, { params, body }) => startImport(ctx, params.importId, body),
  }),
  serve(contract.cancelImport, {
    permission: "imports.run",
    handle: (ctx, { params }) => cancelImport(ctx, params.importId),
  }),
  serveSlowly(contract.downloadReport, {
    permission: "imports.read",
    handle: async (door, { params }, http) => {
      await door.run((ctx) => requireImport(ctx, params.importId));
      http.download(`import-${params.importId.slice(0, 8)}.csv`);
      return Readable.from(reportCsv(door, params.importId));
    },
  }),
  serveSlowly(contract.downloadReportWorkbook, {
    permission: "imports.read",
    handle: async (door, { params }, http) => {
      await door.run((ctx) => requireImport(ctx, params.importId));
      http.download(`import-${params.importId.slice(0, 8)}.xlsx`);
      return reportWorkbook(door, params.importId);
    },
  }),
  serveSlowly(contract.downloadProblemRows, {
    permission: "imports.read",
    handle: async (door, { params, query }, http) => {
      const chosen = await door.run((ctx) => chooseProblemRows(ctx, params.importId, query.kind));
      http.download(`${chosen.name}.csv`);
      return Readable.from(problemRowsCsv(door, chosen));
    },
  }),
  serveSlowly(contract.downloadProblemWorkbook, {
    permission: "imports.read",
    handle: async (door, { params, query }, http) => {
      const chosen = await door.run((ctx) => chooseProblemRows(ctx, params.importId, query.kind));
      http.download(`${chosen.name}.xlsx`);
      return problemRowsWorkbook(door, chosen);
    },
  }),
  serve(contract.planUndo, {
    permission: "imports.run",
    handle: (ctx, { params }) => planUndo(ctx, params.importId),
  }),
  serve(contract.listUndoConflicts, {
    permission: "imports.run",
    handle: async (ctx, { params, query: { cursor, limit } }) => {
      await planUndo(ctx, params.importId);
      const after = cursor === undefined ? ([0, 0] as const) : readCursor(cursor, rowKeys);
      const found = await listConflicts(ctx, params.importId, { after, limit });
      const shown = found.slice(0, limit);
      const last = found.length > limit ? shown.at(-1) : undefined;
      return {
        items: shown.map(presentConflict),
        nextCursor: last ? writeCursor(last.file_no, last.row_no) : null,
      };
    },
  }),
  serve(contract.undoImport, {
    permission: "imports.run",
    handle: (ctx, { params, body }) => startUndo(ctx, params.importId, body.planHash),
  }),
  serve(contract.countHeldMail, {
    permission: "imports.read",
    handle: async (ctx, { params, query }) => {
      await requireImport(ctx, params.importId);
      return { held: await countHeld(ctx, params.importId, query.groupId ?? null) };
    },
  }),
  serveSlowly(contract.releaseMail, {
    permission: "imports.run",
    handle: (door, { params, body }) => releaseMail(door, params.importId, body.groupId ?? null),
  }),
  serveSlowly(contract.retryMail, {
    permission: "imports.run",
    handle: (door, { params }) => retryMail(door, params.importId),
  }),
  serve(contract.getProvenance, {
    permission: "imports.read",
    handle: async (ctx, { params }) => ({ items: await provenanceOf(ctx, params.userId) }),
  }),
  serve(contract.getImportSafety, {
    permission: "imports.read",
    handle: (ctx) => presentSafety(ctx),
  }),
  serve(contract.changeImportSafety, {
    permission: "imports.safety",
    handle: (ctx, { body }) => changeSafety(ctx, body),
  }),
];
