import { ActionIcon, Button, Switch, Tooltip, VisuallyHidden } from "@mantine/core";
import { IconLock, IconTrash } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useId, useState } from "react";
import { type Group, updateGroup } from "#server/features/groups/contract.ts";
import { forget, useCall, useTenant } from "../shell/queries.ts";
import { may, useMe } from "../shell/session.ts";
import { GroupMark } from "../ui/group-mark.tsx";
import { moveBetweenRows } from "../ui/row-keys.ts";
import { SkeletonRows } from "../ui/skeleton-rows.tsx";
import { StatusMark } from "../ui/status-mark.tsx";
import table from "../ui/table.module.css";
import { tell, tellProblem } from "../ui/toast.ts";
import { useWanted } from "../ui/use-wanted.ts";
import { number } from "../ui/words.ts";
import { DeleteGroup } from "./delete-group.tsx";
import classes from "./groups-table.module.css";

type Props = { groups: readonly Group[] | undefined; stale: boolean; onEdit: (group: Group) => void };

export const GroupsTable = ({ groups, stale, onEdit }: Props) => (
  <div className={table.wrap}>
    <table
      className={`${table.table} ${stale ? table.stale : ""}`}
      aria-label="Groups"
      aria-busy={!groups || stale}
    >
      <thead>
        <tr>
          <th className={classes.name}>Name</th>
          <th>Description</th>
          <th className={`${classes.members} ${table.figures}`}>Members</th>
          <th className={classes.active}>Active</th>
          <th>
            <VisuallyHidden>Actions</VisuallyHidden>
          </th>
        </tr>
      </thead>
      <tbody onKeyDown={moveBetweenRows}>
        {groups ? (
          groups.map((group) => <GroupRow key={group.id} group={group} onEdit={onEdit} />)
        ) : (
          <SkeletonRows columns={5} />
        )}
      </tbody>
    </table>
  </div>
);

function GroupRow({ group, onEdit }: { group: Group; onEdit: (group: Group) => void }) {
  const tenant = useTenant();
  const me = useMe();
  const nameId = useId();
  const [asked, ask] = useState(false);
  return (
    <tr>
      <td className={classes.nameCell} title={group.name}>
        <Link
          id={nameId}
          to="/t/$tenant/groups/$groupId"
          params={{ tenant, groupId: group.id }}
          className={table.name}
        >
          <GroupMark group={group} />
        </Link>
        {group.protected && (
          <Tooltip label="Protected: it cannot be deleted until that is switched off in Edit.">
            <span className={classes.lock} role="img" aria-label="protected">
              <IconLock size={14} />
            </span>
          </Tooltip>
        )}
      </td>
      <td className={`${table.dim} ${classes.descriptionCell}`} title={group.description}>
        {group.description}
      </td>
      <td className={`${table.figures} ${classes.membersCell}`}>
        {number(group.members)}
        <span className={classes.unit}>{group.members === 1 ? " member" : " members"}</span>
      </td>
      <td className={table.phoneHidden}>
        {may(me, "groups.update") ? <ActiveSwitch group={group} /> : <ActiveWord active={group.active} />}
      </td>
      <td className={classes.actionsCell}>
        <div className={table.rowActions}>
          {may(me, "groups.update") && (
            <Button
              variant="subtle"
              size="compact-sm"
              aria-describedby={nameId}
              onClick={() => onEdit(group)}
            >
              Edit
            </Button>
          )}
          {may(me, "groups.delete") && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Delete ${group.name}`}
              onClick={() => ask(true)}
            >
              <IconTrash size={16} />
            </ActionIcon>
          )}
        </div>
        {asked && <DeleteGroup group={group} onClose={() => ask(false)} />}
      </td>
    </tr>
  );
}

const ActiveWord = ({ active }: { active: boolean }) => (
  <StatusMark shape={active ? "full" : "empty"} tone={active ? "ok" : "plain"}>
    {active ? "Active" : "Inactive"}
  </StatusMark>
);

/** Named by the group alone: the column says what is switched. */
function ActiveSwitch({ group }: { group: Group }) {
  const tenant = useTenant();
  const update = useCall(updateGroup);
  const change = async (active: boolean) => {
    try {
      await update.mutateAsync({
        params: { tenant, groupId: group.id },
        body: { version: group.version, active },
      });
      tell(
        active
          ? `${group.name} is active.`
          : `${group.name} is inactive. Its members stay; it grants nothing.`,
      );
    } catch (problem) {
      tellProblem(problem);
    }
    await forget("groups", "users");
  };
  const [shown, toggle] = useWanted(group.active, change);
  return (
    <Switch
      size="sm"
      aria-label={group.name}
      checked={shown}
      onChange={(event) => toggle(event.currentTarget.checked)}
    />
  );
}
