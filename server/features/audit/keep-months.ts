import type { Config } from "#server/platform/config/config.ts";

type Limits = Pick<Config, "auditKeepMonths" | "auditKeepAtLeastMonths">;

/**
 * For how many months a tenant's events are kept; 0: for ever. Of what the operator and the tenant want the lesser counts, but
 * nothing a tenant wants goes below what the operator keeps in any case.
 */
export function keepMonths({ auditKeepMonths, auditKeepAtLeastMonths }: Limits, wanted: number | null) {
  const limits = [auditKeepMonths, wanted === null ? 0 : Math.max(wanted, auditKeepAtLeastMonths)];
  const set = limits.filter((months) => months > 0);
  return set.length > 0 ? Math.min(...set) : 0;
}
