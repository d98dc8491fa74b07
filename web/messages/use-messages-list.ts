import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { countMessages, listMessages, type Message } from "#server/features/messages/contract.ts";
import { read, useTenant } from "../shell/queries.ts";
import { useTimeZone } from "../shell/session.ts";
import { dayBegins } from "../ui/day-begins.ts";
import { readAgainAfter } from "./read-again.ts";

export type MessagesState = {
  search?: string | undefined;
  state?: Message["state"] | undefined;
  kind?: string | undefined;
  import?: string | undefined;
  /** Days, as `2026-11-28`: both belong to it. */
  from?: string | undefined;
  to?: string | undefined;
  cursor?: string | undefined;
};

const given = <T extends object>(parts: T) =>
  Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };

/** What the address asks for, as the API asks for it: days begin and end where the organisation is. */
export const filterOf = ({ search, kind, import: importId, from, to }: MessagesState, timeZone: string) =>
  given({
    search,
    kind,
    importId,
    from: from && dayBegins(from, timeZone),
    before: to && dayBegins(to, timeZone, 1),
  });

/** One page of messages and the counts beside it. While something is on its way they are read again and again. */
export function useMessagesList(state: MessagesState) {
  const params = { tenant: useTenant() };
  const filter = filterOf(state, useTimeZone());
  const counts = useQuery({
    ...read(countMessages, { params, query: filter }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) => readAgainAfter(statesOf(data?.states)),
  });
  const counted = statesOf(counts.data?.states);
  const list = useQuery({
    ...read(listMessages, {
      params,
      query: { ...filter, ...given({ state: state.state, cursor: state.cursor }) },
    }),
    placeholderData: keepPreviousData,
    // The counts may be newer than the rows, and say that all is done while a row does not yet.
    refetchInterval: ({ state: { data } }) => readAgainAfter([...counted, ...(data?.items ?? [])]),
  });
  return { list, counts: counts.data };
}

/** Those there are messages of. */
const statesOf = (counts: Partial<Record<Message["state"], number>> = {}) =>
  (Object.keys(counts) as Message["state"][]).filter((state) => counts[state]).map((state) => ({ state }));
