import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getGroup, listGroups } from "#server/features/groups/contract.ts";
import { read, useTenant } from "../shell/queries.ts";
import { GroupMark } from "../ui/group-mark.tsx";
import { SearchedFilter } from "../ui/searched-filter.tsx";

type Props = { group: string | undefined; onChoose: (group: string | undefined) => void };

/** Narrows the list to one group, found by typing. */
export function GroupFilter({ group, onChoose }: Props) {
  const tenant = useTenant();
  const chosen = useQuery({
    ...read(getGroup, { params: { tenant, groupId: group ?? "" } }),
    enabled: group !== undefined,
  });
  return (
    <SearchedFilter
      label={group ? `In ${chosen.data?.name ?? "…"}` : "In any group"}
      chosen={group}
      any="In any group"
      searchLabel="Find a group"
      nothingFound="No group begins with that."
      width={264}
      onChoose={onChoose}
      useChoices={useGroups}
    />
  );
}

function useGroups(search: string, opened: boolean) {
  const tenant = useTenant();
  const { data } = useQuery({
    ...read(listGroups, { params: { tenant }, query: { limit: 30, ...(search ? { search } : {}) } }),
    placeholderData: keepPreviousData,
    enabled: opened,
  });
  return data?.items.map((one) => ({ value: one.id, label: <GroupMark group={one} /> }));
}
