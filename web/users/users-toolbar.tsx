import { Box, Group as Row } from "@mantine/core";
import { SearchField } from "../ui/search-field.tsx";
import { ActiveFilters } from "./active-filters.tsx";
import { GroupFilter } from "./group-filter.tsx";
import type { useUsersList } from "./use-users-list.ts";
import { UsersFilter } from "./users-filter.tsx";
import { StatusChips } from "./users-list.tsx";
import type { UsersState } from "./users-state.ts";
import { UsersView } from "./users-view.tsx";

type Props = {
  state: UsersState;
  counts: ReturnType<typeof useUsersList>["counts"];
  change: (next: UsersState) => void;
  search: (text: string) => void;
  /** On a group's page the group is given. */
  ofGroup?: boolean;
};

/** Everything above a list of users: search, status, filters, and how it is shown. */
export const UsersToolbar = ({ state, counts, change, search, ofGroup = false }: Props) => (
  <>
    {/* Gives way before the filters go to a line of their own: at 1,280 px a few hundred people fit on one. */}
    <Box flex={{ base: "1 0 100%", sm: "1 1 208px" }} miw={0} maw={{ sm: 264 }}>
      <SearchField label="Search users" value={state.search ?? ""} onSearch={search} />
    </Box>
    <StatusChips counts={counts} status={state.status} onChoose={(status) => change({ status })} />
    <Row gap="xs" wrap="nowrap" miw={0} maw="100%">
      {!ofGroup && <GroupFilter group={state.group} onChoose={(group) => change({ group })} />}
      <UsersFilter state={state} change={change} />
      <UsersView state={state} change={change} />
    </Row>
    <ActiveFilters state={state} change={change} />
  </>
);
