import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { countUsers, listUsers } from "#server/features/users/contract.ts";
import { read, useTenant } from "../shell/queries.ts";

export type UsersState = {
  search?: string | undefined;
  status?: "active" | "invited" | "suspended" | undefined;
  group?: string | undefined;
  cursor?: string | undefined;
};

const given = <T extends object>(parts: T) =>
  Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };

/** One page of users and the counts beside it, as the address asks for them. */
export function useUsersList({ search, status, group, cursor }: UsersState) {
  const params = { tenant: useTenant() };
  const narrowed = { search, groupId: group };
  const list = useQuery({
    ...read(listUsers, { params, query: given({ ...narrowed, status, cursor }) }),
    placeholderData: keepPreviousData,
  });
  const counts = useQuery({
    ...read(countUsers, { params, query: given(narrowed) }),
    placeholderData: keepPreviousData,
  });
  return { list, counts: counts.data };
}
