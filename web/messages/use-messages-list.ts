import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { countMessages, listMessages, type Message } from "#server/features/messages/contract.ts";
import { read, useTenant } from "../shell/queries.ts";
import { useTimeZone } from "../shell/session.ts";
import { dayBegins } from "../ui/day-begins.ts";

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

const soon = 2_000;
const later = 20_000;

/** One page of messages and the counts beside it. While something is on its way they are read again and again. */
export function useMessagesList(state: MessagesState) {
  const params = { tenant: useTenant() };
  const filter = filterOf(state, useTimeZone());
  const counts = useQuery({
    ...read(countMessages, { params, query: filter }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) =>
      data && data.states.queued + data.states.sending > 0 ? soon : later,
  });
  const moving = counts.data ? counts.data.states.queued + counts.data.states.sending > 0 : false;
  const list = useQuery({
    ...read(listMessages, {
      params,
      query: { ...filter, ...given({ state: state.state, cursor: state.cursor }) },
    }),
    placeholderData: keepPreviousData,
    refetchInterval: moving ? soon : later,
  });
  return { list, counts: counts.data };
}
