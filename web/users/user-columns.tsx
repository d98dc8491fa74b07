import { Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import type { User } from "#server/features/users/contract.ts";
import { roleNames } from "#server/permissions.ts";
import { GroupMark } from "../ui/group-mark.tsx";
import table from "../ui/table.module.css";
import { When } from "../ui/when.tsx";
import { UserStatus } from "./user-status.tsx";
import classes from "./users-table.module.css";

export type ColumnId = "email" | "groups" | "status" | "role" | "factor" | "seen" | "created";
export type Column = {
  id: ColumnId;
  label: string;
  /** What the list can be sorted by, if it can. */
  sort?: "email" | "lastSignIn" | "created";
  head: string | undefined;
  cell: string | undefined;
  show: (user: User) => ReactNode;
  title?: (user: User) => string;
};

/** Beside the name, which is always there; a telephone shows the status and the address. */
export const userColumns: readonly Column[] = [
  {
    id: "email",
    label: "Email",
    sort: "email",
    head: classes.email,
    cell: classes.emailCell,
    show: (user) => user.email,
    title: (user) => user.email,
  },
  {
    id: "groups",
    label: "Groups",
    head: classes.groups,
    cell: table.phoneHidden,
    show: (user) => <FirstGroups groups={user.groups} />,
  },
  {
    id: "status",
    label: "Status",
    head: classes.status,
    cell: classes.statusCell,
    show: (user) => <UserStatus user={user} />,
  },
  {
    id: "role",
    label: "Role",
    head: classes.role,
    cell: table.phoneHidden,
    show: (user) => roleNames[user.role],
    title: (user) => roleNames[user.role],
  },
  {
    id: "factor",
    label: "Second factor",
    head: classes.role,
    cell: table.phoneHidden,
    show: (user) => (user.hasSecondFactor ? "set up" : <span className={table.dim}>none</span>),
  },
  {
    id: "seen",
    label: "Last sign-in",
    sort: "lastSignIn",
    head: classes.seen,
    cell: `${table.dim} ${table.phoneHidden}`,
    show: (user) => (user.lastSignInAt ? <When at={user.lastSignInAt} /> : "never"),
  },
  {
    id: "created",
    label: "Added",
    sort: "created",
    head: classes.seen,
    cell: `${table.dim} ${table.phoneHidden}`,
    show: (user) => <When at={user.createdAt} />,
  },
];

const usual: readonly ColumnId[] = ["email", "groups", "status", "seen"];

/**
 * Those the address names, in their usual order; `none` is none. Among the members of a group its own name in every row would
 * hide the others'.
 */
export function shownColumns(chosen: string | undefined, groupId?: string): Column[] {
  const ids: readonly string[] = chosen === undefined ? usual : chosen.split(",");
  const shown = userColumns.filter((column) => ids.includes(column.id));
  if (!groupId) return shown;
  const others = ({ groups }: User) => groups.filter(({ id }) => id !== groupId);
  return shown.map((column) =>
    column.id === "groups"
      ? { ...column, label: "Other groups", show: (user) => <FirstGroups groups={others(user)} /> }
      : column,
  );
}

/** What the address says of these columns: nothing where they are the usual ones. */
export function columnsText(ids: readonly ColumnId[]): string | undefined {
  const sorted = userColumns.map(({ id }) => id).filter((id) => ids.includes(id));
  return sorted.join() === usual.join() ? undefined : sorted.join() || "none";
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
