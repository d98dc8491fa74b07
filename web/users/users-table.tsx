import { Button, Checkbox, VisuallyHidden } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type CSSProperties, type ReactNode, useId } from "react";
import type { User, UserSort } from "#server/features/users/contract.ts";
import { useTenant } from "../shell/queries.ts";
import { useMe } from "../shell/session.ts";
import { moveBetweenRows } from "../ui/row-keys.ts";
import { SkeletonRows } from "../ui/skeleton-rows.tsx";
import { SortHeader } from "../ui/sort-header.tsx";
import table from "../ui/table.module.css";
import { actionsOn, fullName, hasMenu, sortName } from "./person.ts";
import type { Selection } from "./use-selection.ts";
import type { Column } from "./user-columns.tsx";
import { UserMenu } from "./user-menu.tsx";
import classes from "./users-table.module.css";

type Props = {
  users: readonly User[] | undefined;
  columns: readonly Column[];
  sort: UserSort;
  onSort: (sort: UserSort) => void;
  stale: boolean;
  onEdit: (user: User) => void;
  /** Where several can be ticked. */
  selection?: Selection | undefined;
  /** On a group's page: what else can be done with a row. */
  extra?: ((user: User) => ReactNode) | undefined;
};

export const UsersTable = ({ users, columns, sort, onSort, stale, onEdit, selection, extra }: Props) => (
  <div
    className={`${table.wrap} ${columns.length > 4 ? classes.wide : ""}`}
    style={{ "--columns": columns.length } as CSSProperties}
  >
    <table
      className={`${table.table} ${stale ? table.stale : ""}`}
      aria-label="Users"
      aria-busy={!users || stale}
    >
      <thead>
        <tr>
          {selection && <TickAll users={users} selection={selection} />}
          <SortHeader label="Name" by="name" sort={sort} onSort={onSort} className={classes.name} />
          {columns.map((column) => (
            <ColumnHead key={column.id} column={column} sort={sort} onSort={onSort} />
          ))}
          <th className={extra ? classes.actionsWide : classes.actions}>
            <VisuallyHidden>Actions</VisuallyHidden>
          </th>
        </tr>
      </thead>
      <tbody onKeyDown={moveBetweenRows}>
        {users ? (
          users.map((user) => (
            <UserRow key={user.id} {...{ user, columns, onEdit, selection }} extra={extra?.(user)} />
          ))
        ) : (
          <SkeletonRows columns={columns.length + (selection ? 2 : 1)} />
        )}
      </tbody>
    </table>
  </div>
);

/** Ticks this page; on other pages nobody. */
function TickAll({ users = [], selection }: Pick<Props, "users"> & { selection: Selection }) {
  const ticked = users.filter(({ id }) => selection.has(id)).length;
  const all = ticked > 0 && ticked === users.length;
  return (
    <th className={classes.tick}>
      <Checkbox
        aria-label="Select this page"
        checked={all}
        indeterminate={ticked > 0 && !all}
        disabled={users.length === 0}
        onChange={() => selection.set(users, !all)}
      />
    </th>
  );
}

function ColumnHead({ column, sort, onSort }: Pick<Props, "sort" | "onSort"> & { column: Column }) {
  const { label, head, sort: by } = column;
  if (!by) return <th className={head}>{label}</th>;
  const latestFirst = by !== "email";
  return <SortHeader {...{ label, by, latestFirst, onSort }} sort={sort as typeof by} className={head} />;
}

type RowProps = {
  user: User;
  columns: readonly Column[];
  onEdit: (user: User) => void;
  selection: Selection | undefined;
  extra: ReactNode;
};

function UserRow({ user, columns, onEdit, selection, extra }: RowProps) {
  const tenant = useTenant();
  const can = actionsOn(useMe(), user);
  const nameId = useId();
  return (
    <tr className={`${classes.row} ${selection ? classes.selectable : ""}`}>
      {selection && (
        <td className={classes.tick}>
          <Checkbox
            aria-label={`Select ${fullName(user)}`}
            checked={selection.has(user.id)}
            onChange={(event) => selection.set([user], event.currentTarget.checked)}
          />
        </td>
      )}
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
      {columns.map((column) => (
        <td key={column.id} className={column.cell} title={column.title?.(user)}>
          {column.show(user)}
        </td>
      ))}
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
