import { ipAddress } from "#server/features/audit/contract.ts";
import { chosen, day, identity, optional, text } from "../shell/address-state.ts";
import { dayBegins } from "../ui/day-begins.ts";

const kinds = ["system", "operator", "anonymous"] as const;
const computer = (value: unknown): string | undefined => ipAddress.safeParse(value).data;

/** What the address says: the filters, the open event, the page. */
export const auditSearch = (search: Record<string, unknown>) =>
  optional({
    actor: chosen(search.actor, kinds) ?? identity(search.actor),
    action: text(search.action),
    target: identity(search.target),
    from: day(search.from),
    to: day(search.to),
    ip: computer(search.ip),
    open: identity(search.open),
    cursor: text(search.cursor),
  });

export type AuditState = ReturnType<typeof auditSearch>;

export const isFiltered = ({ actor, action, target, from, to, ip }: AuditState) =>
  [actor, action, target, from, to, ip].some(Boolean);

/** The filters as the API takes them: days begin and end where the organisation is. */
export const auditQuery = ({ actor, action, target, from, to, ip }: AuditState, timeZone: string) => ({
  ...(actor && { actor }),
  ...(action && { action }),
  ...(target && { target }),
  ...(from && { from: dayBegins(from, timeZone) }),
  ...(to && { to: dayBegins(to, timeZone, 1) }),
  ...(ip && { ip }),
});
