import { queryOptions, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { getMe, type Me } from "#server/features/sign-in/contract.ts";
import type { Permission, Role } from "#server/permissions.ts";
import { call } from "../api.ts";
import { useTenant } from "./queries.ts";
import { queryClient } from "./query-client.ts";

/** Who is signed in to a tenant. Its own key, so that signing in can put the answer there. */
export const meQuery = (tenant: string) =>
  queryOptions({
    queryKey: ["me", tenant],
    queryFn: ({ signal }) => call(getMe, { params: { tenant } }, signal),
    staleTime: 60_000,
  });

/** Who is signed in to a tenant in this browser, asked anew: on pages for which it may well be nobody. */
export const whoIsHere = (tenant: string): Promise<Me | null> =>
  call(getMe, { params: { tenant } }).catch(() => null);

/** Only below the frame, whose guard has made sure that there is somebody. */
export const useMe = (): Me => useSuspenseQuery(meQuery(useTenant())).data;

/** Whose days are meant where somebody filters by days: the organisation's, whatever the clock of this computer says. */
export const useTimeZone = () => useMe().tenant.timeZone;

/** Whoever comes back to this tab may have signed in as somebody else in another one. */
export const useMeAgain = () => useQuery({ ...meQuery(useTenant()), refetchOnWindowFocus: "always" });

/** After signing in, out or setting up: everything known was known to somebody else. */
export function becomes(tenant: string, me: Me | null) {
  queryClient.clear();
  if (me) queryClient.setQueryData(["me", tenant], me);
}

export const may = (me: Me, permission: Permission) => me.permissions.includes(permission);

/** May this person change somebody who holds that role? */
export const mayChange = (me: Me, role: Role) => me.manageableRoles.includes(role);

/** The first screen of somebody: Home, or their own page where there is nothing they administer. */
export function home(me: Me) {
  if (may(me, "users.read")) return "/t/$tenant/home" as const;
  if (may(me, "groups.read")) return "/t/$tenant/groups" as const;
  return "/t/$tenant/me" as const;
}
