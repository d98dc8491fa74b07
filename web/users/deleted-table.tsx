import { Button, VisuallyHidden } from "@mantine/core";
import { useId, useState } from "react";
import { type DeletedSort, type DeletedUser, eraseUser } from "#server/features/users/contract.ts";
import { call } from "../api.ts";
import { forget, useTenant } from "../shell/queries.ts";
import { may, mayChange, useMe } from "../shell/session.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { moveBetweenRows } from "../ui/row-keys.ts";
import { SkeletonRows } from "../ui/skeleton-rows.tsx";
import { SortHeader } from "../ui/sort-header.tsx";
import table from "../ui/table.module.css";
import { exactDay } from "../ui/time.ts";
import { tell, tellProblem } from "../ui/toast.ts";
import { When } from "../ui/when.tsx";
import classes from "./deleted.module.css";
import { fullName, sortName } from "./person.ts";
import { useRestore } from "./use-restore.ts";

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
  const me = useMe();
  const changes = mayChange(me, user.role);
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
        <div className={table.rowActions}>
          {may(me, "users.create") && changes && <Restore user={user} nameId={nameId} />}
          {may(me, "users.erase") && changes && <Erase user={user} nameId={nameId} />}
        </div>
      </td>
    </tr>
  );
}

type Props = { user: DeletedUser; nameId: string };

function Restore({ user, nameId }: Props) {
  const restore = useRestore();
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    await restore(user).catch(tellProblem);
    setBusy(false);
  };
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      aria-describedby={nameId}
      loading={busy}
      onClick={() => void run()}
    >
      Restore
    </Button>
  );
}

function Erase({ user, nameId }: Props) {
  const [asked, ask] = useState(false);
  const params = { tenant: useTenant(), userId: user.id };
  const erase = async () => {
    await call(eraseUser, { params, body: { email: user.email } });
    await forget("users");
    tell(`Everything about ${fullName(user)} has been erased.`);
  };
  return (
    <>
      <Button
        variant="subtle"
        color="red"
        size="compact-sm"
        aria-describedby={nameId}
        onClick={() => ask(true)}
      >
        Erase now
      </Button>
      {asked && (
        <ConfirmDialog
          title={`Erase ${fullName(user)} for good?`}
          verb="Erase"
          danger
          typed={{ label: `Type ${user.email} to confirm`, text: user.email }}
          onConfirm={erase}
          onClose={() => ask(false)}
        >
          Name, address, emails and what imports and the audit log hold about them go now. That they were here
          and what happened stays in the audit log without their name. Nobody can bring this back.
        </ConfirmDialog>
      )}
    </>
  );
}
