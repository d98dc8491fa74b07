import { VisuallyHidden } from "@mantine/core";
import { useId } from "react";
import type { DeletedSort, DeletedUser } from "#server/features/users/contract.ts";
import { moveBetweenRows } from "../ui/row-keys.ts";
import { SkeletonRows } from "../ui/skeleton-rows.tsx";
import { SortHeader } from "../ui/sort-header.tsx";
import table from "../ui/table.module.css";
import { exactDay } from "../ui/time.ts";
import { When } from "../ui/when.tsx";
import classes from "./deleted.module.css";
import { DeletedActions } from "./deleted-actions.tsx";
import { sortName } from "./person.ts";

type TableProps = {
  users: readonly DeletedUser[] | undefined;
  sort: DeletedSort;
  stale: boolean;
  onSort: (sort: DeletedSort) => void;
};

export const DeletedTable = ({ users, sort, stale, onSort }: TableProps) => (
  <div className={table.wrap}>
    <table
      className={`${table.table} ${stale ? table.stale : ""}`}
      aria-label="Deleted users"
      aria-busy={!users || stale}
    >
      <thead>
        <tr>
          <th>Name</th>
          <th className={table.phoneHidden}>Email</th>
          <SortHeader
            label="Deleted"
            by="deleted"
            latestFirst
            className={classes.when}
            {...{ sort, onSort }}
          />
          <SortHeader label="Erased on" by="erase" className={classes.until} {...{ sort, onSort }} />
          <th className={classes.actions}>
            <VisuallyHidden>Actions</VisuallyHidden>
          </th>
        </tr>
      </thead>
      <tbody onKeyDown={moveBetweenRows}>
        {users ? users.map((user) => <Row key={user.id} user={user} />) : <SkeletonRows columns={4} />}
      </tbody>
    </table>
  </div>
);

function Row({ user }: { user: DeletedUser }) {
  const nameId = useId();
  return (
    <tr>
      <td title={sortName(user)}>
        <span id={nameId}>{sortName(user)}</span>
        <span className={classes.phoneOnly}>{user.email}</span>
        <span className={classes.phoneOnly}>erased on {exactDay(user.eraseAt.slice(0, 10))}</span>
      </td>
      <td className={table.phoneHidden} title={user.email}>
        {user.email}
      </td>
      <td className={`${table.dim} ${classes.when}`}>
        <When at={user.deletedAt} />
      </td>
      <td className={`${table.dim} ${classes.until}`}>{exactDay(user.eraseAt.slice(0, 10))}</td>
      <td>
        <DeletedActions user={user} nameId={nameId} />
      </td>
    </tr>
  );
}
