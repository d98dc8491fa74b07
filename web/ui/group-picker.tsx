import { Combobox, Pill, PillsInput } from "@mantine/core";
import { useDebouncedValue, useMediaQuery } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useState } from "react";
import { createGroup, type GroupLabel, groupName, listGroups } from "#server/features/groups/contract.ts";
import { ApiProblem } from "../api.ts";
import { forget, read, useCall, useTenant } from "../shell/queries.ts";
import { may, useMe } from "../shell/session.ts";
import { create, GroupList } from "./group-list.tsx";
import { GroupMark } from "./group-mark.tsx";
import { Prose } from "./prose.tsx";
import { alike } from "./typed-group.ts";
import { useGroupChoice } from "./use-group-choice.ts";

type Props = {
  value: readonly GroupLabel[];
  onChange: (groups: readonly GroupLabel[]) => void;
  /** The text that stands in the field; the form knows it, because it must not be dropped (`unchosen`). */
  typed: string;
  onType: (text: string) => void;
  onLeave: () => void;
  error?: string | undefined;
  /** What its dialog asks for first. The list lies over what the choice is about: it closes with every choice. */
  brief?: boolean;
  /** Nobody is in a group that is made now: where people leave groups, none is. */
  leaving?: boolean;
};

/** What can be picked now: the tenant's groups that begin with what was typed, without those picked already. */
function useOffered(typed: string, value: readonly GroupLabel[]) {
  const tenant = useTenant();
  const [search] = useDebouncedValue(typed.trim(), 150);
  const { data, error, isPlaceholderData } = useQuery({
    ...read(listGroups, { params: { tenant }, query: { limit: 30, ...(search ? { search } : {}) } }),
    placeholderData: keepPreviousData,
  });
  const picked = new Set(value.map((group) => group.id));
  const found = data?.items ?? [];
  return {
    unread: error?.detail,
    settled: data !== undefined && !isPlaceholderData && search === typed.trim(),
    offered: found.filter((group) => !picked.has(group.id)),
    exists: [...found, ...value].some((group) => alike(group.name, typed)),
  };
}

/** Makes a group of the name that was typed. Says why where it cannot. */
function useNewGroup(add: (group: GroupLabel) => void) {
  const params = { tenant: useTenant() };
  const creating = useCall(createGroup);
  const [refused, setRefused] = useState("");
  const make = async (typed: string) => {
    if (creating.isPending) return;
    const checked = groupName.safeParse(typed);
    if (!checked.success) return setRefused(checked.error.issues[0]?.message ?? "");
    try {
      add(await creating.mutateAsync({ params, body: { name: checked.data } }));
      await forget("groups");
    } catch (problem) {
      setRefused(
        problem instanceof ApiProblem ? problem.detail : "The group could not be created. Try again.",
      );
    }
  };
  return { make, refused, forgive: () => setRefused("") };
}

/** The entry Enter takes for what was typed: the group of just that name, else the first that begins with it. */
function bestOf(typed: string, offered: readonly GroupLabel[], creatable: boolean) {
  if (typed.trim() === "") return undefined;
  const group = offered.find((one) => alike(one.name, typed)) ?? offered[0];
  return group?.id ?? (creatable ? create : undefined);
}

/** One or several groups: found by typing, or made on the spot where there is none of that name. */
export function GroupPicker(props: Props) {
  const { value, onChange, typed, onType, onLeave, error, brief = false, leaving = false } = props;
  const found = useOffered(typed, value);
  const { offered, exists, settled } = found;
  const allowed = may(useMe(), "groups.create") && !leaving;
  const phone = useMediaQuery("(max-width: 640px)");
  const creatable = allowed && typed.trim() !== "" && settled && !exists;

  const add = (group: GroupLabel) => {
    onChange([...value, { id: group.id, name: group.name, active: group.active }]);
    onType("");
    // On a phone the list lies over the rest of the form.
    if (phone || brief) combobox.closeDropdown();
  };
  const { make, refused, forgive } = useNewGroup(add);
  const choose = (id: string) => {
    const group = offered.find((one) => one.id === id);
    if (group) add(group);
    else if (id === create) void make(typed);
  };
  const best = settled ? bestOf(typed, offered, creatable) : undefined;
  const entries = [...offered.map((group) => group.id), ...(creatable ? [create] : [])];
  const list = useGroupChoice({ typed, entries, best, safe: best !== create, choose });
  const { combobox } = list;

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Backspace" && typed === "") onChange(value.slice(0, -1));
    const chosen = typed.trim() !== "" && value.some((group) => alike(group.name, typed));
    if (event.key !== "Enter" || !chosen) return list.onKeyDown(event);
    event.preventDefault();
    onType("");
  };

  const words = refused || error;
  return (
    <Combobox store={combobox} onOptionSubmit={choose} zIndex={400}>
      <Combobox.DropdownTarget>
        <PillsInput
          label="Groups"
          error={words && <Prose>{words}</Prose>}
          onClick={() => combobox.openDropdown()}
        >
          <Pill.Group>
            {value.map((group) => (
              <Pill
                key={group.id}
                title={group.name}
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
            <Combobox.EventsTarget
              withExpandedAttribute
              withKeyboardNavigation={false}
              aria-activedescendant={(combobox.dropdownOpened && list.marked) || undefined}
            >
              <PillsInput.Field
                role="combobox"
                data-autofocus={brief || undefined}
                aria-invalid={words ? true : undefined}
                value={typed}
                placeholder={value.length === 0 ? "Choose or type a name" : ""}
                onFocus={() => combobox.openDropdown()}
                onBlur={() => {
                  combobox.closeDropdown();
                  onLeave();
                }}
                onKeyDown={onKeyDown}
                onChange={(event) => {
                  onType(event.currentTarget.value);
                  forgive();
                  combobox.openDropdown();
                }}
              />
            </Combobox.EventsTarget>
          </Pill.Group>
        </PillsInput>
      </Combobox.DropdownTarget>
      <GroupList {...found} typed={typed} creatable={creatable} allowed={allowed} />
    </Combobox>
  );
}
