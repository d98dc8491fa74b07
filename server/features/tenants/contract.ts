import { z } from "zod";
import { endpoint } from "#server/platform/http/endpoint.ts";
import { tenantSettings } from "./tenant-settings.ts";

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

/** Which tenant an operation is about; part of every path below `/t/`. */
export const tenantParams = z.object({ tenant: z.string().max(60) });

export const portalSchema = z.object({
  slug: z.string(),
  name: z.string(),
  accent: tenantSettings.shape.accent,
  logo: z.string().nullable().describe("Names the picture at /t/{tenant}/logo; null where there is none."),
  passwordMinimum: tenantSettings.shape.passwordMinimum,
  renewInvitations: tenantSettings.shape.renewInvitations,
  passkeySignIn: tenantSettings.shape.passkeySignIn,
});
export type Portal = z.output<typeof portalSchema>;

export const getPortal = endpoint({
  method: "GET",
  path: "/t/:tenant/portal",
  summary: "What the sign-in page shows of a tenant",
  params: tenantParams,
  output: portalSchema,
  errors: ["not_found"],
});

const settingsAnswer = z.object({
  values: tenantSettings,
  usual: tenantSettings.omit({ name: true }).describe("What counts where nothing was chosen."),
  least: z
    .object({ auditMonths: z.int() })
    .describe("What whoever runs Muster allows at least, whatever is chosen; 0: anything."),
  version: z.int().describe("Send it back with a change: a change made meanwhile is then not overwritten."),
});
export type SettingsAnswer = z.output<typeof settingsAnswer>;

export const getSettings = endpoint({
  method: "GET",
  path: "/t/:tenant/settings",
  summary: "The tenant's settings, and what is usual",
  params: tenantParams,
  output: settingsAnswer,
  errors: [],
});

export const changeSettings = endpoint({
  method: "PATCH",
  path: "/t/:tenant/settings",
  summary: "Change settings; those not named stay",
  params: tenantParams,
  body: tenantSettings.partial().extend({ version: z.int() }),
  output: settingsAnswer,
  errors: ["changed_meanwhile", "session.confirm_first", "settings.owners_only", "settings.kept_longer"],
});

export const getLogo = endpoint({
  method: "GET",
  path: "/t/:tenant/logo",
  summary: "The tenant's logo",
  params: tenantParams,
  output: z.string(),
  produces: "image/*",
  errors: ["not_found"],
});

export const changeLogo = endpoint({
  method: "POST",
  path: "/t/:tenant/logo",
  summary: "Take one PNG, JPEG or WebP picture of at most 256 KiB as the logo",
  params: tenantParams,
  accepts: "multipart/form-data",
  output: z.object({ logo: z.string() }),
  errors: ["logo.missing", "logo.too_large", "logo.not_a_picture"],
});

export const removeLogo = endpoint({
  method: "DELETE",
  path: "/t/:tenant/logo",
  summary: "Show Muster's mark instead of a logo",
  params: tenantParams,
  errors: [],
});
