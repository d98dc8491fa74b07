import { Button, Combobox, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconChevronDown, IconX } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { getGroup, listGroups } from "#server/features/groups/contract.ts";
import { read, useTenant } from "../shell/queries.ts";
import { GroupMark } from "../ui/group-mark.tsx";

type Props = { group: string | undefined; onChoose: (group: string | undefined) => void };

/** Narrows the list to one group, found by typing. */
export function GroupFilter({ group, onChoose }: Props) {
  const tenant = useTenant();
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed.trim(), 150);
  const combobox = useCombobox({
    onDropdownOpen: () => combobox.focusSearchInput(),
    onDropdownClose: () => setTyped(""),
  });
  const chosen = useQuery({
    ...read(getGroup, { params: { tenant, groupId: group ?? "" } }),
    enabled: group !== undefined,
  });
  const { data } = useQuery({
    ...read(listGroups, { params: { tenant }, query: { limit: 30, ...(search ? { search } : {}) } }),
    placeholderData: keepPreviousData,
    enabled: combobox.dropdownOpened,
  });
  const choose = (id: string) => {
    onChoose(id === "any" ? undefined : id);
    combobox.closeDropdown();
  };
  return (
    <Combobox store={combobox} width={264} position="bottom-start" onOptionSubmit={choose} shadow="md">
      <Combobox.Target targetType="button">
        <Button
          variant={group ? "light" : "default"}
          size="sm"
          fw={400}
          rightSection={<IconChevronDown size={14} />}
          onClick={() => combobox.toggleDropdown()}
        >
          {group ? `In ${chosen.data?.name ?? "…"}` : "In any group"}
        </Button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={typed}
          aria-label="Find a group"
          placeholder="Find a group"
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Combobox.Options mah={280} style={{ overflowY: "auto" }} aria-label="Choices">
          {group && (
            <Combobox.Option value="any">
              <IconX size={12} /> In any group
            </Combobox.Option>
          )}
          {data?.items.map((one) => (
            <Combobox.Option key={one.id} value={one.id} active={one.id === group}>
              <GroupMark group={one} />
            </Combobox.Option>
          ))}
          {data?.items.length === 0 && <Combobox.Empty>No group begins with that.</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
