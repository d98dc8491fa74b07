import { Combobox, Pill, PillsInput, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useState } from "react";
import { createGroup, type GroupLabel, groupName, listGroups } from "#server/features/groups/contract.ts";
import { ApiProblem } from "../api.ts";
import { forget, read, useCall, useTenant } from "../shell/queries.ts";
import { may, useMe } from "../shell/session.ts";
import { GroupMark } from "./group-mark.tsx";
import { Prose } from "./prose.tsx";

type Props = {
  value: readonly GroupLabel[];
  onChange: (groups: readonly GroupLabel[]) => void;
  error?: string | undefined;
  description?: string;
};

const create = "create";
const alike = (one: string, other: string) =>
  one.normalize("NFKC").toLowerCase() === other.normalize("NFKC").toLowerCase();

/** What can be picked now: the tenant's groups that begin with what was typed, without those picked already. */
function useOffered(typed: string, value: readonly GroupLabel[]) {
  const tenant = useTenant();
  const [search] = useDebouncedValue(typed.trim(), 150);
  const { data, error } = useQuery({
    ...read(listGroups, { params: { tenant }, query: { limit: 30, ...(search ? { search } : {}) } }),
    placeholderData: keepPreviousData,
  });
  const picked = new Set(value.map((group) => group.id));
  const found = data?.items ?? [];
  return {
    error,
    settled: data !== undefined && search === typed.trim(),
    offered: found.filter((group) => !picked.has(group.id)),
    exists: [...found, ...value].some((group) => alike(group.name, typed.trim())),
  };
}

/** One or several groups: found by typing, or made on the spot where there is none of that name. */
export function GroupPicker({ value, onChange, error, description }: Props) {
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const [typed, setTyped] = useState("");
  const [refused, setRefused] = useState("");
  const { offered, exists, settled, error: unread } = useOffered(typed, value);
  const tenant = useTenant();
  const allowed = may(useMe(), "groups.create");
  const creating = useCall(createGroup);
  const creatable = allowed && typed.trim() !== "" && settled && !exists;

  const add = (group: GroupLabel) => {
    onChange([...value, { id: group.id, name: group.name, active: group.active }]);
    setTyped("");
  };

  const make = async () => {
    if (creating.isPending) return;
    const checked = groupName.safeParse(typed);
    if (!checked.success) return setRefused(checked.error.issues[0]?.message ?? "");
    try {
      add(await creating.mutateAsync({ params: { tenant }, body: { name: checked.data } }));
      await forget("groups");
    } catch (problem) {
      setRefused(
        problem instanceof ApiProblem ? problem.detail : "The group could not be created. Try again.",
      );
    }
  };

  const choose = (id: string) => {
    if (id === create) return void make();
    const group = offered.find((one) => one.id === id);
    if (group) add(group);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Backspace" && typed === "") onChange(value.slice(0, -1));
  };

  const words = refused || error;
  return (
    <Combobox store={combobox} onOptionSubmit={choose} zIndex={400}>
      <Combobox.DropdownTarget>
        <PillsInput
          label="Groups"
          description={description}
          error={words && <Prose>{words}</Prose>}
          onClick={() => combobox.openDropdown()}
        >
          <Pill.Group>
            {value.map((group) => (
              <Pill
                key={group.id}
                withRemoveButton
                onRemove={() => onChange(value.filter((one) => one.id !== group.id))}
                removeButtonProps={{
                  "aria-label": `Remove ${group.name}`,
                  tabIndex: 0,
                  "aria-hidden": false,
                }}
              >
                <GroupMark group={group} />
              </Pill>
            ))}
            <Combobox.EventsTarget withExpandedAttribute>
              <PillsInput.Field
                role="combobox"
                aria-invalid={words ? true : undefined}
                value={typed}
                placeholder={value.length === 0 ? "Choose or type a name" : ""}
                onFocus={() => combobox.openDropdown()}
                onBlur={() => combobox.closeDropdown()}
                onKeyDown={onKeyDown}
                onChange={(event) => {
                  setTyped(event.currentTarget.value);
                  setRefused("");
                  combobox.openDropdown();
                  combobox.updateSelectedOptionIndex();
                }}
              />
            </Combobox.EventsTarget>
          </Pill.Group>
        </PillsInput>
      </Combobox.DropdownTarget>
      <Combobox.Dropdown>
        <Combobox.Options mah={240} style={{ overflowY: "auto" }} aria-label="Choices">
          {offered.map((group) => (
            <Combobox.Option key={group.id} value={group.id}>
              <GroupMark group={group} />
            </Combobox.Option>
          ))}
          {creatable && <Combobox.Option value={create}>Create group “{typed.trim()}”</Combobox.Option>}
          {offered.length === 0 && !creatable && (
            <Combobox.Empty>{emptyWords({ typed, settled, exists, unread: unread?.detail })}</Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function emptyWords(state: { typed: string; settled: boolean; exists: boolean; unread: string | undefined }) {
  if (state.unread) return state.unread;
  if (!state.settled) return "Looking…";
  if (state.exists) return "Chosen already.";
  return state.typed.trim()
    ? "No group begins with that."
    : "No more groups to choose. Type a name to create one.";
}
