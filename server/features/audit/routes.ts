import { Readable } from "node:stream";
import type { Door } from "#server/context.ts";
import { type Http, serve, serveSlowly } from "#server/route.ts";
import * as contract from "./contract.ts";
import { type ExportFormat, exportAudit } from "./export-audit.ts";
import { listAudit } from "./list-audit.ts";
import type { EventFilter } from "./store.ts";

export const auditRoutes = [
  serve(contract.listAudit, { permission: "audit.read", handle: (ctx, { query }) => listAudit(ctx, query) }),
  serveSlowly(contract.exportAuditCsv, {
    permission: "audit.read",
    handle: (door, { query }, http) => download(door, query, { http, format: "csv" }),
  }),
  serveSlowly(contract.exportAuditJson, {
    permission: "audit.read",
    handle: (door, { query }, http) => download(door, query, { http, format: "json" }),
  }),
];

type As = { http: Http; format: ExportFormat };

async function download(door: Door, filter: EventFilter, { http, format }: As) {
  http.download(`audit.${format}`);
  return Readable.from(await exportAudit(door, filter, format));
}
