import { Button } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { Needs } from "../shell/needs.tsx";
import { may, useMe } from "../shell/session.ts";
import { LoadFailed } from "../ui/load-failed.tsx";
import { Notice } from "../ui/notice.tsx";
import { Page } from "../ui/page.tsx";
import { Pager } from "../ui/pager.tsx";
import { SearchField } from "../ui/search-field.tsx";
import { usePageTrail } from "../ui/use-page-trail.ts";
import { ImportFilter, KindFilter, StateChips } from "./message-filters.tsx";
import { MessagePanel } from "./message-panel.tsx";
import { MessagesTable } from "./messages-table.tsx";
import { PeriodFilter } from "./period-filter.tsx";
import { RetryFailed } from "./retry-failed.tsx";
import { type MessagesState, useMessagesList } from "./use-messages-list.ts";

const route = getRouteApi("/t/$tenant/frame/messages");

export const MessagesPage = () => (
  <Needs permission="messages.read">
    <Messages />
  </Needs>
);

function Messages() {
  const state = route.useSearch();
  const navigate = route.useNavigate();
  const found = useMessagesList(state);
  /** Filters start at the first page again. */
  const change = (next: MessagesState, replace = false) =>
    void navigate({ search: (before) => ({ ...before, cursor: undefined, ...next }), replace });
  const open = (message: string | undefined) =>
    void navigate({ search: (before) => ({ ...before, message }) });
  return (
    <Page
      title="Messages"
      actions={may(useMe(), "messages.send") && <RetryFailed state={state} counts={found.counts} />}
      toolbar={
        <>
          <SearchField
            label="Search people"
            value={state.search ?? ""}
            onSearch={(text) => change({ search: text || undefined }, true)}
          />
          <KindFilter state={state} change={change} />
          <PeriodFilter state={state} change={change} />
          <ImportFilter state={state} change={change} />
          <StateChips
            counts={found.counts}
            state={state.state}
            onChoose={(chosen) => change({ state: chosen })}
          />
        </>
      }
    >
      <MessagesList found={found} state={state} change={change} open={open} />
      <MessagePanel messageId={state.message} close={() => open(undefined)} show={open} />
    </Page>
  );
}

type ListProps = {
  found: ReturnType<typeof useMessagesList>;
  state: MessagesState;
  change: (next: MessagesState) => void;
  open: (messageId: string) => void;
};

const nothing = {
  search: undefined,
  state: undefined,
  kind: undefined,
  import: undefined,
  from: undefined,
  to: undefined,
};

function MessagesList({ found: { list }, state, change, open }: ListProps) {
  const { previous, next } = usePageTrail(state.cursor, (cursor) => change({ cursor }));
  if (list.error && !list.data) return <LoadFailed problem={list.error} retry={() => list.refetch()} />;
  if (list.data?.items.length === 0 && !list.isPlaceholderData) {
    const { cursor: _, ...filters } = state;
    if (Object.keys(nothing).every((name) => filters[name as keyof typeof filters] === undefined)) {
      return (
        <Notice title="No messages yet">
          Every email Muster sends is listed here, with where it stands and what the mail server said. Add or
          invite somebody, and theirs is the first.
        </Notice>
      );
    }
    return (
      <Notice
        title="No message matches"
        action={
          <Button variant="default" onClick={() => change(nothing)}>
            Show all messages
          </Button>
        }
      >
        The search and the filters leave none.
      </Notice>
    );
  }
  return (
    <>
      <MessagesTable messages={list.data?.items} stale={list.isPlaceholderData} open={({ id }) => open(id)} />
      <Pager summary="" previous={previous} next={next(list.data?.nextCursor)} />
    </>
  );
}
