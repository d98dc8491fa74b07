import { z } from "zod";
import { endpoint } from "#server/platform/http/endpoint.ts";

/** A tenant's place in every address: `/t/<slug>/`. It never changes. */
export const tenantSlug = z
  .string()
  .trim()
  .min(2, "At least 2 characters.")
  .max(40, "At most 40 characters.")
  .regex(
    /^[a-z0-9]+(-[a-z0-9]+)*$/,
    "Small letters, digits and single hyphens between them, like northwind-ltd.",
  );

export const tenantName = z
  .string()
  .trim()
  .min(1, "Enter the organisation's name.")
  .max(100, "At most 100 characters.")
  .regex(/^\P{Cc}*$/u, "No line breaks or control characters.");

/** Which tenant an operation is about; part of every path below `/t/`. */
export const tenantParams = z.object({ tenant: z.string().max(60) });

export const portalSchema = z.object({ slug: z.string(), name: z.string() });

export const getPortal = endpoint({
  method: "GET",
  path: "/t/:tenant/portal",
  summary: "What the sign-in page shows of a tenant",
  params: tenantParams,
  output: portalSchema,
  errors: ["not_found"],
});
