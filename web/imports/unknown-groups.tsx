import { Button, Checkbox, Select, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { listGroups } from "#server/features/groups/contract.ts";
import { changeImport, type Import } from "#server/features/imports/contract.ts";
import { read, useTenant } from "../shell/queries.ts";
import { may, useMe } from "../shell/session.ts";
import { useWanted } from "../ui/use-wanted.ts";
import { count, listing, number } from "../ui/words.ts";
import classes from "./review.module.css";
import { useImportChange } from "./use-import.ts";

const shown = 8;
type Use = (name: string, groupId: string | null) => void;

/**
 * Groups the files name that do not exist: another one each is taken for, or one tick that creates them. What is settled says
 * so, and how to change it; it warns of nothing any more.
 */
export function UnknownGroups({ found }: { found: Import }) {
  const params = { tenant: useTenant(), importId: found.id };
  const me = useMe();
  const { run } = useImportChange(changeImport, found.id);
  const [ticked, toggle] = useWanted(found.createMissingGroups, (createMissingGroups) =>
    run({ params, body: { createMissingGroups } }),
  );
  const { unknownGroups, chosenGroups, inactiveGroups } = found;
  const allowed = may(me, "imports.run");
  const use: Use = (name, groupId) => void run({ params, body: { groups: [{ name, groupId }] } });
  if (unknownGroups.length + chosenGroups.length + inactiveGroups.length === 0) return null;
  const open = unknownGroups.length > 0 && !ticked;
  return (
    <section
      className={classes.groups}
      data-open={open || inactiveGroups.length > 0 || undefined}
      aria-label="Groups to look at"
    >
      {unknownGroups.length + chosenGroups.length > 0 && (
        <Text fw={500}>{headingOf(unknownGroups.length, ticked)}</Text>
      )}
      <ul>
        {unknownGroups.slice(0, shown).map((group) => (
          <li key={group.name}>
            <span>{group.name}</span>
            <span className={classes.dim}>{count(group.rows, "row")}</span>
            {allowed && <OtherGroup name={group.name} nearest={group.nearest} use={use} />}
          </li>
        ))}
        {unknownGroups.length > shown && (
          <li className={classes.dim}>and {number(unknownGroups.length - shown)} more</li>
        )}
        {chosenGroups.map((group) => (
          <li key={group.name}>
            <span>
              {group.name} becomes {group.group.name}
            </span>
            <span className={classes.dim}>{count(group.rows, "row")}</span>
            {allowed && <OtherGroup name={group.name} chosen={group.group.id} use={use} />}
          </li>
        ))}
      </ul>
      {inactiveGroups.length > 0 && (
        <Text>
          {listing(inactiveGroups.map((group) => group.name))}{" "}
          {inactiveGroups.length === 1 ? "is inactive: nobody gets" : "are inactive: nobody gets"} access by{" "}
          {inactiveGroups.length === 1 ? "it" : "them"}.
        </Text>
      )}
      {unknownGroups.length > 0 && allowed && may(me, "groups.create") && (
        <Checkbox
          label="Create missing groups"
          description={
            ticked
              ? "They are created, active, when you press Import CSV."
              : "Without this, rows that name them are left out."
          }
          checked={ticked}
          onChange={(event) => toggle(event.currentTarget.checked)}
        />
      )}
    </section>
  );
}

function headingOf(unknown: number, created: boolean) {
  if (unknown === 0) return "Every group is settled";
  if (created) return `${unknown === 1 ? "One group" : count(unknown, "group")} will be created`;
  return unknown === 1 ? "One group does not exist" : `${count(unknown, "group")} do not exist`;
}

type Other = {
  /** As it stands in the files. */
  name: string;
  nearest?: Import["unknownGroups"][number]["nearest"];
  /** The group it is taken for now. */
  chosen?: string;
  use: Use;
};

/** The nearest existing group on one press, or any other one; what was chosen is changed the same way, or taken back. */
function OtherGroup({ name, nearest, chosen, use }: Other) {
  const tenant = useTenant();
  const [open, setOpen] = useState(false);
  const [typed, type] = useState("");
  const [search] = useDebouncedValue(typed.trim(), 150);
  const { data } = useQuery({
    ...read(listGroups, { params: { tenant }, query: { limit: 30, ...(search ? { search } : {}) } }),
    placeholderData: keepPreviousData,
    enabled: open,
  });
  if (!open)
    return (
      <span className={classes.choices}>
        {nearest && (
          <Button size="compact-xs" variant="default" onClick={() => use(name, nearest.id)}>
            Use {nearest.name}
          </Button>
        )}
        <Button
          size="compact-xs"
          variant="subtle"
          aria-label={nearest || chosen ? `Another group for ${name}` : `Use an existing group for ${name}`}
          onClick={() => setOpen(true)}
        >
          {nearest || chosen ? "Another group" : "Use an existing group"}
        </Button>
        {chosen && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            aria-label={`Take back ${name}`}
            onClick={() => use(name, null)}
          >
            Take back
          </Button>
        )}
      </span>
    );
  return (
    <Select
      size="xs"
      aria-label={`Group for ${name}`}
      placeholder="Choose a group"
      searchable
      autoFocus
      defaultDropdownOpened
      searchValue={typed}
      onSearchChange={type}
      filter={({ options }) => options}
      data={(data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
      onChange={(id) => {
        setOpen(false);
        if (id && id !== chosen) use(name, id);
      }}
      onBlur={() => setOpen(false)}
      nothingFoundMessage="No group begins like this"
    />
  );
}
