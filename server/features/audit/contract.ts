import { z } from "zod";
import { endpoint } from "#server/platform/http/endpoint.ts";

const params = z.object({ tenant: z.string().max(60) });

const value = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.string()),
  z.array(z.number()),
]);
const change = z.object({ before: value, after: value });

export const auditEvent = z.object({
  id: z.uuid(),
  at: z.iso.datetime({ precision: 6 }),
  action: z.string().describe("What was done, in the past tense: `user.changed`."),
  actor: z
    .object({
      kind: z.enum(["user", "system", "operator", "anonymous"]),
      id: z.uuid().nullable(),
      name: z.string().nullable().describe("As it is now; null for whoever is erased."),
    })
    .describe(
      "Who: a user, also of what goes on in the background because they asked for it (then without `ip`), Muster itself, whoever runs it, or somebody who was not signed in.",
    ),
  target: z
    .object({ kind: z.string(), id: z.uuid(), name: z.string().nullable() })
    .nullable()
    .describe("Whom or what it was done to."),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  fields: z.array(z.string()).describe("What changed, by name."),
  changes: z.record(z.string(), change).describe("Before and after, of each field; empty once erased."),
  address: z.string().nullable().describe("The email address that was typed, where nobody was signed in."),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  erased: z.boolean().describe("There were values that have been erased since."),
  position: z.int().nullable().describe("Its place in the chain; null for the first minute."),
});
export type AuditEvent = z.output<typeof auditEvent>;

export const ipAddress = z.union([z.ipv4(), z.ipv6()], "Write an IP address, such as 203.0.113.7.");

const moment = z.iso.datetime({ offset: true });

export const auditFilter = z.object({
  actor: z
    .union([z.uuid(), z.enum(["system", "operator", "anonymous"])])
    .optional()
    .describe("Who: a user's id, or system, operator, anonymous."),
  action: z.string().max(100).optional().describe("The beginning of an action: `user.`"),
  target: z
    .uuid()
    .optional()
    .describe(
      "Whom: the id of a user, group or import. Of a user also what was done to many at once, them among others: groups by a bulk action, the import that made them.",
    ),
  from: moment.optional(),
  to: moment.optional().describe("Up to, and without, this moment."),
  ip: ipAddress.optional().describe("From where."),
});

export const listAudit = endpoint({
  method: "GET",
  path: "/t/:tenant/audit",
  summary: "Audit events, the newest first",
  params,
  query: auditFilter.extend({
    cursor: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  output: z.object({ items: z.array(auditEvent), nextCursor: z.string().nullable() }),
  errors: ["cursor.invalid"],
});

export const exportAuditCsv = endpoint({
  method: "GET",
  path: "/t/:tenant/audit.csv",
  summary: "Audit events as CSV, the newest first; that they were exported is an audit event too",
  params,
  query: auditFilter,
  output: z.string(),
  produces: "text/csv",
  errors: [],
});

export const exportAuditJson = endpoint({
  method: "GET",
  path: "/t/:tenant/audit.json",
  summary: "Audit events as a JSON array, the newest first; that they were exported is an audit event too",
  params,
  query: auditFilter,
  output: z.string(),
  produces: "application/json",
  errors: [],
});
