import { type Role, roles } from "#server/permissions.ts";
import type { TenantSettings } from "../tenants/tenant-settings.ts";

const whoMust: Record<TenantSettings["secondFactor"], readonly Role[]> = {
  optional: [],
  administrators: ["owner", "administrator", "user_administrator"],
  everyone: roles,
};

/** Does the tenant want people of this role to have one? */
export const requiresSecondFactor = (
  { secondFactor }: Pick<TenantSettings, "secondFactor">,
  role: Role,
): boolean => whoMust[secondFactor].includes(role);
