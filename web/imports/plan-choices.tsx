import { Checkbox, Radio, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { changeImport, type Import } from "#server/features/imports/contract.ts";
import { useTenant } from "../shell/queries.ts";
import { may, useMe } from "../shell/session.ts";
import { useWanted } from "../ui/use-wanted.ts";
import { people } from "../ui/words.ts";
import { Leavers } from "./leavers.tsx";
import { MailTime, type Scheduling } from "./mail-time.tsx";
import classes from "./plan-choices.module.css";
import { saysLanguages } from "./row-columns.ts";
import { type Body, useImportChange } from "./use-import.ts";

/** How the plan is made and carried out, beside the plan itself: who is touched, when the emails go. */
export function PlanChoices({ found, scheduling }: { found: Import; scheduling: Scheduling }) {
  const params = { tenant: useTenant(), importId: found.id };
  const { run, pending } = useImportChange(changeImport, found.id);
  const change: Change = (body) => run({ params, body });
  if (!may(useMe(), "imports.run")) return null;
  return (
    <div className={classes.choices} aria-busy={pending}>
      <Existing found={found} change={change} />
      {found.emails > 0 && <MailTime found={found} change={change} scheduling={scheduling} />}
      <details className={classes.more}>
        <summary>More choices</summary>
        <Stack gap="sm" mt="xs">
          <AllOrNothing found={found} change={change} />
          <Source found={found} change={change} />
        </Stack>
      </details>
      <Leavers found={found} change={change} />
    </div>
  );
}

export type Change = (body: Body<typeof changeImport>) => Promise<boolean>;
type Props = { found: Import; change: Change };

function Existing({ found, change }: Props) {
  const { existing = 0, update = 0, unchanged = 0 } = found.counts;
  const there = existing + update + unchanged;
  if (there === 0 && found.existing === "skip") return null;
  return (
    <Radio.Group
      label={`${people(there)} in the file ${there === 1 ? "is a user" : "are users"} already`}
      description={`Never a password, a role or an owner is changed.${
        saysLanguages(found) ? " With their names their languages are updated too." : ""
      }`}
      value={found.existing}
      onChange={(value) => void change({ existing: value as Import["existing"] })}
    >
      <Stack gap={6} mt={6}>
        <Radio value="skip" label="Leave them as they are" />
        <Radio value="add_groups" label="Update their names and add groups" />
        <Radio value="replace_groups" label="Update their names and replace their groups" />
      </Stack>
    </Radio.Group>
  );
}

function AllOrNothing({ found, change }: Props) {
  const [ticked, toggle] = useWanted(found.allOrNothing, (allOrNothing) => change({ allOrNothing }));
  return (
    <Checkbox
      label="All or nothing"
      description="Nobody is imported as long as any row has a problem."
      checked={ticked}
      onChange={(event) => toggle(event.currentTarget.checked)}
    />
  );
}

function Source({ found, change }: Props) {
  const [typed, type] = useState(found.source ?? "");
  const save = () => {
    const source = typed.trim() || null;
    if (source !== found.source) void change({ source });
  };
  return (
    <TextInput
      label="Where these people come from"
      description="A name such as “School register”. Of an earlier import of the same name, Muster then shows who is missing from this file."
      value={typed}
      maxLength={100}
      onChange={(event) => type(event.currentTarget.value)}
      onBlur={save}
      onKeyDown={(event) => event.key === "Enter" && save()}
    />
  );
}
