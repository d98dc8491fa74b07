import { Readable } from "node:stream";
import { z } from "zod";
import { readCursor, writeCursor } from "#server/platform/http/cursor.ts";
import { serve, serveSlowly } from "#server/route.ts";
import * as contract from "./contract.ts";
import { cancelImport, changeImport, startImport } from "./decide-import.ts";
import { presentImport, presentImports } from "./present-import.ts";
import { presentRow } from "./present-row.ts";
import { importTemplate } from "./reading/templates.ts";
import { receiveUpload } from "./receive-upload.ts";
import { reportCsv } from "./report.ts";
import { listImportRecords } from "./store.ts";
import { listRows } from "./store-rows.ts";

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
  serve(contract.getImport, {
    permission: "imports.read",
    handle: (ctx, { params }) => presentImport(ctx, params.importId),
  }),
  serve(contract.listImportRows, {
    permission: "imports.read",
    handle: async (ctx, { params, query: { cursor, limit, outcome } }) => {
      await presentImport(ctx, params.importId);
      const after = cursor === undefined ? ([0, 0] as const) : readCursor(cursor, rowKeys);
      const found = await listRows(ctx, params.importId, { outcome, after, limit });
      const shown = found.slice(0, limit);
      const last = found.length > limit ? shown.at(-1) : undefined;
      return {
        items: shown.map(presentRow),
        nextCursor: last ? writeCursor(last.file_no, last.row_no) : null,
      };
    },
  }),
  serve(contract.changeImport, {
    permission: "imports.run",
    handle: (ctx, { params, body }) => changeImport(ctx, params.importId, body.createMissingGroups),
  }),
  serve(contract.applyImport, {
    permission: "imports.run",
    handle: (ctx, { params }) => startImport(ctx, params.importId),
  }),
  serve(contract.cancelImport, {
    permission: "imports.run",
    handle: (ctx, { params }) => cancelImport(ctx, params.importId),
  }),
  serveSlowly(contract.downloadProblems, {
    permission: "imports.read",
    handle: async (door, { params }, http) => {
      await door.run((ctx) => presentImport(ctx, params.importId));
      http.download(`import-${params.importId.slice(0, 8)}.csv`);
      return Readable.from(reportCsv(door, params.importId));
    },
  }),
];
