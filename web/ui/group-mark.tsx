import type { GroupLabel } from "#server/features/groups/contract.ts";
import classes from "./group-mark.module.css";

/** A group's name; one that is not active is marked wherever it appears. */
export const GroupMark = ({ group }: { group: Pick<GroupLabel, "name" | "active"> }) =>
  group.active ? (
    group.name
  ) : (
    <span className={classes.inactive}>
      {group.name} <small>inactive</small>
    </span>
  );
