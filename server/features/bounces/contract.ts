import { z } from "zod";
import { endpoint } from "#server/platform/http/endpoint.ts";
import { tenantParams } from "../tenants/contract.ts";

const sentTo = z.object({
  to: z
    .string()
    .max(320)
    .optional()
    .describe("The address the report was sent to, where it is not in its header."),
});

export const takeBounce = endpoint({
  method: "POST",
  path: "/bounces",
  summary: "Take in a delivery report (RFC 3464), piped here by a mail server for the address it was sent to",
  query: sentTo,
  accepts: "*/*",
  errors: ["bounce.not_ours", "bounce.too_large"],
});

export const takeTenantBounce = endpoint({
  method: "POST",
  path: "/t/:tenant/bounces",
  summary:
    "The same of a tenant's own mail server, for the return address its owner has set; believed for that address alone",
  params: tenantParams,
  query: sentTo,
  accepts: "*/*",
  errors: ["bounce.not_ours", "bounce.too_large"],
});

export const takeProviderEvents = endpoint({
  method: "POST",
  path: "/bounces/:provider",
  summary: "Take in what an email provider reports, signed by it",
  params: z.object({ provider: z.enum(["sendgrid", "ses", "mailgun"]) }),
  accepts: "*/*",
  errors: ["not_found", "bounce.not_signed", "bounce.taken_before", "bounce.too_large", "bounce.under_way"],
});
