import { Button, Combobox, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconChevronDown, IconX } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { getUser, listUsers } from "#server/features/users/contract.ts";
import { identity } from "../shell/address-state.ts";
import { read, useTenant } from "../shell/queries.ts";
import table from "../ui/table.module.css";

type Other = { value: string; label: string };
type Props = {
  label: "Who" | "Whom";
  chosen: string | undefined;
  /** What the chosen one is called, where the screen knows it already. */
  known: string | undefined;
  others?: readonly Other[];
  onChoose: (id: string | undefined) => void;
};

/** Narrows the log to one person, found by typing. */
export function PersonFilter({ label, chosen, known, others = [], onChoose }: Props) {
  const tenant = useTenant();
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed.trim(), 150);
  const combobox = useCombobox({
    onDropdownOpen: () => combobox.focusSearchInput(),
    onDropdownClose: () => setTyped(""),
  });
  const name = useName(chosen, known ?? others.find((other) => other.value === chosen)?.label);
  const { data } = useQuery({
    ...read(listUsers, { params: { tenant }, query: { limit: 20, ...(search ? { search } : {}) } }),
    placeholderData: keepPreviousData,
    enabled: combobox.dropdownOpened,
  });
  const choose = (id: string) => {
    onChoose(id === "any" ? undefined : id);
    combobox.closeDropdown();
  };
  return (
    <Combobox store={combobox} width={280} position="bottom-start" onOptionSubmit={choose} shadow="md">
      <Combobox.Target targetType="button">
        <Button
          variant={chosen ? "light" : "default"}
          size="sm"
          fw={400}
          maw={280}
          rightSection={<IconChevronDown size={14} />}
          onClick={() => combobox.toggleDropdown()}
        >
          {label}: {chosen ? name : "anybody"}
        </Button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={typed}
          aria-label="Find a person"
          placeholder="Find a person"
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Combobox.Options mah={320} style={{ overflowY: "auto" }} aria-label="Choices">
          {chosen && (
            <Combobox.Option value="any">
              <IconX size={12} /> Anybody
            </Combobox.Option>
          )}
          {data?.items.map((user) => (
            <Combobox.Option key={user.id} value={user.id} active={user.id === chosen}>
              {user.firstName} {user.lastName} <small className={table.dim}>{user.email}</small>
            </Combobox.Option>
          ))}
          {data?.items.length === 0 && <Combobox.Empty>No name or address begins with that.</Combobox.Empty>}
          {!search &&
            others.map((other) => (
              <Combobox.Option key={other.value} value={other.value} active={other.value === chosen}>
                {other.label}
              </Combobox.Option>
            ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

/** Asked for only where nothing on the screen says it. */
function useName(chosen: string | undefined, known: string | undefined): string {
  const tenant = useTenant();
  const userId = identity(chosen) ?? "";
  const { data } = useQuery({
    ...read(getUser, { params: { tenant, userId } }),
    enabled: userId !== "" && known === undefined,
    retry: false,
  });
  return known ?? (data ? `${data.firstName} ${data.lastName}` : "one");
}
