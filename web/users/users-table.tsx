import { Button, Tooltip, VisuallyHidden } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useId } from "react";
import type { User } from "#server/features/users/contract.ts";
import { useTenant } from "../shell/queries.ts";
import { useMe } from "../shell/session.ts";
import { GroupMark } from "../ui/group-mark.tsx";
import { moveBetweenRows } from "../ui/row-keys.ts";
import { SkeletonRows } from "../ui/skeleton-rows.tsx";
import table from "../ui/table.module.css";
import { When } from "../ui/when.tsx";
import { actionsOn, hasMenu, sortName } from "./person.ts";
import { UserMenu } from "./user-menu.tsx";
import { UserStatus } from "./user-status.tsx";
import classes from "./users-table.module.css";

type Props = {
  users: readonly User[] | undefined;
  stale: boolean;
  onEdit: (user: User) => void;
  /** On a group's page: what else can be done with a row. */
  extra?: (user: User) => ReactNode;
};

export const UsersTable = ({ users, stale, onEdit, extra }: Props) => (
  <div className={table.wrap}>
    <table
      className={`${table.table} ${stale ? table.stale : ""}`}
      aria-label="Users"
      aria-busy={!users || stale}
    >
      <thead>
        <tr>
          <th className={classes.name}>Name</th>
          <th className={classes.email}>Email</th>
          <th className={classes.groups}>Groups</th>
          <th className={classes.status}>Status</th>
          <th className={classes.seen}>Last sign-in</th>
          <th className={extra ? classes.actionsWide : classes.actions}>
            <VisuallyHidden>Actions</VisuallyHidden>
          </th>
        </tr>
      </thead>
      <tbody onKeyDown={moveBetweenRows}>
        {users ? (
          users.map((user) => <UserRow key={user.id} user={user} onEdit={onEdit} extra={extra?.(user)} />)
        ) : (
          <SkeletonRows columns={5} />
        )}
      </tbody>
    </table>
  </div>
);

type RowProps = { user: User; onEdit: (user: User) => void; extra: ReactNode };

function UserRow({ user, onEdit, extra }: RowProps) {
  const tenant = useTenant();
  const can = actionsOn(useMe(), user);
  const nameId = useId();
  return (
    <tr className={classes.row}>
      <td className={classes.nameCell} title={sortName(user)}>
        <Link
          id={nameId}
          to="/t/$tenant/users/$userId"
          params={{ tenant, userId: user.id }}
          className={table.name}
        >
          {sortName(user)}
        </Link>
      </td>
      <td className={classes.emailCell} title={user.email}>
        {user.email}
      </td>
      <td className={table.phoneHidden}>
        <FirstGroups groups={user.groups} />
      </td>
      <td className={classes.statusCell}>
        <UserStatus user={user} />
      </td>
      <td className={`${table.dim} ${table.phoneHidden}`}>
        {user.lastSignInAt ? <When at={user.lastSignInAt} /> : "never"}
      </td>
      <td className={classes.actionsCell}>
        <div className={table.rowActions}>
          {extra}
          {can.edit && (
            <Button variant="subtle" size="compact-sm" aria-describedby={nameId} onClick={() => onEdit(user)}>
              Edit
            </Button>
          )}
          {hasMenu(can) ? <UserMenu user={user} /> : <span className={classes.noMenu} />}
        </div>
      </td>
    </tr>
  );
}

/** The first two groups and how many more, all of them on hover. */
function FirstGroups({ groups }: { groups: User["groups"] }) {
  if (groups.length === 0) return <span className={table.dim}>–</span>;
  const [one, two, ...more] = groups;
  const first = [one, two].filter((group) => group !== undefined);
  const names = first.map((group, index) => (
    <span key={group.id}>
      {index > 0 && ", "}
      <GroupMark group={group} />
    </span>
  ));
  if (more.length === 0) return <span title={groups.map((group) => group.name).join(", ")}>{names}</span>;
  return (
    <Tooltip label={groups.map((group) => group.name + (group.active ? "" : " (inactive)")).join(", ")}>
      <span className={classes.firstGroups}>
        <span className={classes.groupNames}>{names}</span>
        <span className={table.dim} data-figures>
          +{more.length}
        </span>
      </span>
    </Tooltip>
  );
}
