import { daysAfter, hoursAfter } from "../credentials/validity.ts";
import type { TenantSettings } from "../tenants/tenant-settings.ts";

type Session = { begunAt: Date; usedAt: Date };

/** A session ends when it was not used for some hours, and some days after it began in any case. */
export const sessionEnd = (
  { sessionHours, sessionDays }: Pick<TenantSettings, "sessionHours" | "sessionDays">,
  { begunAt, usedAt }: Session,
) =>
  new Date(Math.min(hoursAfter(usedAt, sessionHours).getTime(), daysAfter(begunAt, sessionDays).getTime()));
