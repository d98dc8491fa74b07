import { Button, CloseButton, Menu, Text } from "@mantine/core";
import { IconChevronUp } from "@tabler/icons-react";
import { useState } from "react";
import { verbs } from "#server/features/bulk-actions/action-words.ts";
import {
  type BulkActionName,
  bulkActionNames,
  bulkActionPermissions,
} from "#server/features/bulk-actions/contract.ts";
import type { Me } from "#server/features/sign-in/contract.ts";
import { may, useMe } from "../shell/session.ts";
import { number } from "../ui/words.ts";
import { ExportSelection } from "../users/export-selection.tsx";
import type { Selection } from "../users/use-selection.ts";
import { BulkDialog } from "./bulk-dialog.tsx";
import classes from "./selection-bar.module.css";
import { whyNot } from "./why-not.ts";

type Props = {
  selection: Selection;
  /** Who the list shows, as the server is asked, and how many that are. */
  filter: object;
  total: number | undefined;
  /** On a group's page. */
  group?: { id: string; name: string; active: boolean };
};

/** Is there anything that this person may do with people who are ticked? */
export const maySelect = (me: Me) =>
  may(me, "users.export") || bulkActionNames.some((name) => may(me, bulkActionPermissions[name]));

/** Once somebody is ticked: how many, and what can be done with them. It lies over the list, so that nothing jumps. */
export function SelectionBar({ selection, filter, total, group }: Props) {
  const me = useMe();
  const [action, choose] = useState<BulkActionName | null>(null);
  if (selection.count === 0 && !selection.all) return null;
  const others = bulkActionNames.filter(
    (name) => name !== "add_to_groups" && may(me, bulkActionPermissions[name]),
  );
  return (
    <section className={classes.bar} aria-label="Selection">
      <CloseButton aria-label="Clear selection" onClick={selection.clear} />
      <Text size="sm" fw={500} role="status" data-figures>
        {number(selection.count)} selected
      </Text>
      {!selection.all && total !== undefined && total > selection.count && (
        <Button variant="subtle" size="compact-sm" onClick={selection.selectAll}>
          Select all {number(total)} that match
        </Button>
      )}
      <div className={classes.actions}>
        {may(me, bulkActionPermissions.add_to_groups) && (
          <Button size="sm" onClick={() => choose("add_to_groups")}>
            {verbs.add_to_groups}
          </Button>
        )}
        {may(me, "users.export") && <ExportSelection selection={selection} filter={filter} />}
        {others.length > 0 && (
          <Menu position="top-end">
            <Menu.Target>
              <Button variant="default" size="sm" rightSection={<IconChevronUp size={14} />}>
                More
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {others.map((name) => (
                <Choice
                  key={name}
                  name={name}
                  why={selection.all ? undefined : whyNot(name, selection.people)}
                  choose={choose}
                >
                  {name === "remove_from_groups" && group ? `Remove from ${group.name}` : verbs[name]}
                </Choice>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
      {action && (
        <BulkDialog
          action={action}
          selection={selection.body(filter)}
          groups={action === "remove_from_groups" && group ? [group] : []}
          onClose={() => choose(null)}
          onStarted={selection.clear}
        />
      )}
    </section>
  );
}

type ChoiceProps = {
  name: BulkActionName;
  why: string | undefined;
  choose: (name: BulkActionName) => void;
  children: string;
};

/** What would change nothing stays in its place and says why, to whoever goes there by keyboard too. */
const Choice = ({ name, why, choose, children }: ChoiceProps) =>
  why ? (
    <Menu.Item aria-disabled closeMenuOnClick={false} className={classes.impossible ?? ""}>
      {children}
      <Text size="xs">{why}</Text>
    </Menu.Item>
  ) : (
    <Menu.Item {...(name === "delete" && { c: "var(--m-bad)" })} onClick={() => choose(name)}>
      {children}
    </Menu.Item>
  );
