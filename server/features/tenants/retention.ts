import type { Context } from "#server/context.ts";
import { holds } from "#server/permissions.ts";
import { ProblemError } from "#server/platform/errors.ts";
import type { TenantSettings } from "./tenant-settings.ts";

/** How long what is over is kept. Whoever shortens one of them destroys evidence, perhaps of what they did themselves. */
const retentionSettings = ["auditMonths", "deletedDays", "importRowDays"] as const;

type Wanted = { [Name in keyof TenantSettings]?: TenantSettings[Name] | undefined };

/** Owners alone change what is kept for how long, and no tenant has its events removed sooner than the operator allows. */
export function requireRetention({ actor, instance }: Context, before: TenantSettings, wanted: Wanted) {
  const changed = retentionSettings.filter(
    (field) => wanted[field] !== undefined && wanted[field] !== before[field],
  );
  if (changed.length === 0) return;
  if (actor.kind === "user" && !holds(actor.role, "settings.retention")) throw ownersOnly(changed);
  const least = instance.config.auditKeepAtLeastMonths;
  if (changed.includes("auditMonths") && wanted.auditMonths && wanted.auditMonths < least)
    throw keptLonger(least);
}

function ownersOnly(changed: readonly string[]) {
  const detail =
    "Only an owner changes for how long something is kept: what is removed cannot be brought back.";
  return new ProblemError(403, "settings.owners_only", detail, {
    fields: Object.fromEntries(changed.map((field) => [field, detail])),
  });
}

function keptLonger(least: number) {
  const detail = `Whoever runs Muster has audit events kept for at least ${least} months. Enter ${least} or more, or leave it empty.`;
  return new ProblemError(422, "settings.kept_longer", detail, { fields: { auditMonths: detail } });
}
