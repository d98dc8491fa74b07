import { usualSettings } from "./tenant-settings.ts";

type Days = "invitationDays";

/** How many days a tenant, whose id is `$1`, has chosen, and the usual where it has chosen nothing: within another statement. */
export const daysSettingSql = (name: Days) =>
  `coalesce((select (t.settings->>'${name}')::int from tenants t
              where t.id = $1 and jsonb_typeof(t.settings->'${name}') = 'number'), ${usualSettings[name]})`;
