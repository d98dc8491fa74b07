import { Button, Group as Row } from "@mantine/core";
import type { ReactNode } from "react";
import type { User } from "#server/features/users/contract.ts";
import { Chips } from "../ui/chips.tsx";
import { LoadFailed } from "../ui/load-failed.tsx";
import { Notice } from "../ui/notice.tsx";
import { Pager } from "../ui/pager.tsx";
import { people } from "../ui/words.ts";
import type { Selection } from "./use-selection.ts";
import type { useUsersList } from "./use-users-list.ts";
import { shownColumns } from "./user-columns.tsx";
import { isNarrowed, noFilters, type UsersState } from "./users-state.ts";
import { UsersTable } from "./users-table.tsx";
import { sortText } from "./users-view.tsx";

type Found = ReturnType<typeof useUsersList>;
type Counts = NonNullable<Found["counts"]>;

/** The counts by status, which are the filter. */
export const StatusChips = (props: {
  counts: Counts | undefined;
  status: UsersState["status"];
  onChoose: (status: UsersState["status"]) => void;
}) => (
  <Chips
    label="Status"
    chosen={props.status}
    onChoose={props.onChoose}
    chips={[
      { value: undefined, label: "All", count: props.counts?.all },
      { value: "active", label: "Active", count: props.counts?.active },
      { value: "invited", label: "Invited", count: props.counts?.invited },
      { value: "suspended", label: "Suspended", count: props.counts?.suspended },
    ]}
  />
);

type Props = {
  found: Found;
  state: UsersState;
  change: (state: UsersState) => void;
  onEdit: (user: User) => void;
  /** Where there is nobody at all, not even without filters. */
  empty: ReactNode;
  selection?: Selection | undefined;
  extra?: (user: User) => ReactNode;
  /** The group whose members they are. */
  groupId?: string;
};

/** The table, its pages, and what stands there instead when there is nothing to show. */
export function UsersList({
  found: { list, counts },
  state,
  change,
  onEdit,
  empty,
  selection,
  extra,
  groupId,
}: Props) {
  if (list.error && !list.data) {
    const restart = () => (state.cursor ? change({ cursor: undefined }) : list.refetch());
    return <LoadFailed problem={list.error} retry={restart} />;
  }
  if (list.data?.items.length === 0 && !list.isPlaceholderData) {
    if (!state.search && !state.status && !state.cursor && !isNarrowed(state)) return empty;
    return <NothingMatches state={state} change={change} />;
  }
  const { previousCursor, nextCursor } = list.data ?? {};
  const total = state.status ? counts?.[state.status] : counts?.all;
  return (
    <>
      <UsersTable
        users={list.data?.items}
        columns={shownColumns(state.columns, groupId)}
        sort={state.sort ?? "name"}
        onSort={(sort) => change({ sort: sortText(sort) })}
        stale={list.isPlaceholderData}
        onEdit={onEdit}
        selection={selection}
        extra={extra}
      />
      <Pager
        summary={total === undefined ? "" : people(total)}
        previous={previousCursor ? () => change({ cursor: previousCursor }) : undefined}
        next={nextCursor ? () => change({ cursor: nextCursor }) : undefined}
      />
    </>
  );
}

const NothingMatches = ({ state, change }: Pick<Props, "state" | "change">) => (
  <Notice
    title="Nobody matches"
    action={
      <Row gap="xs">
        <Button
          variant="default"
          onClick={() => change({ ...noFilters, search: undefined, status: undefined })}
        >
          Show everybody
        </Button>
      </Row>
    }
  >
    {whyNobody(state)}
  </Notice>
);

function whyNobody({ search, status, ...state }: UsersState): string {
  const among = isNarrowed(state) ? " among those the filters leave" : status ? ` among those ${status}` : "";
  if (!search)
    return isNarrowed(state)
      ? "The filters leave nobody."
      : `There is nobody ${status ?? "here"} at the moment.`;
  // The server looks inside names from three letters on.
  const how = search.split(/[\s,]+/).some((word) => [...word].length < 3) ? "begins with" : "has";
  return how === "has"
    ? `No name or email address has “${search}” in it${among}.`
    : `No name or email address begins with “${search}”${among}.`;
}
