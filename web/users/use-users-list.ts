import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { countUsers, listUsers } from "#server/features/users/contract.ts";
import { read, useTenant } from "../shell/queries.ts";
import { useTimeZone } from "../shell/session.ts";
import { filterOf, given, type UsersState } from "./users-state.ts";

/** One page of users and the counts beside it, as the address asks for them. */
export function useUsersList(state: UsersState) {
  const params = { tenant: useTenant() };
  const filter = filterOf(state, useTimeZone());
  const { status, sort, cursor } = state;
  const list = useQuery({
    ...read(listUsers, { params, query: { ...filter, ...given({ status, sort, cursor }) } }),
    placeholderData: keepPreviousData,
  });
  const counts = useQuery({
    ...read(countUsers, { params, query: filter }),
    placeholderData: keepPreviousData,
  });
  return { list, counts: counts.data };
}
