import { Checkbox, Text } from "@mantine/core";
import { changeImport, getImport, type Import } from "#server/features/imports/contract.ts";
import { forget, read, useCall, useTenant } from "../shell/queries.ts";
import { queryClient } from "../shell/query-client.ts";
import { may, useMe } from "../shell/session.ts";
import { tellProblem } from "../ui/toast.ts";
import { useWanted } from "../ui/use-wanted.ts";
import { count, number } from "../ui/words.ts";
import classes from "./review.module.css";

const shown = 8;

/** Groups the files name that do not exist: what might have been meant, and one tick that creates them. */
export function UnknownGroups({ found }: { found: Import }) {
  const params = { tenant: useTenant(), importId: found.id };
  const me = useMe();
  const change = useCall(changeImport);
  const groups = found.unknownGroups;
  const tick = async (createMissingGroups: boolean) => {
    try {
      const now = await change.mutateAsync({ params, body: { createMissingGroups } });
      queryClient.setQueryData(read(getImport, { params }).queryKey, now);
      await forget("imports");
    } catch (problem) {
      tellProblem(problem);
    }
  };
  const [ticked, toggle] = useWanted(found.createMissingGroups, tick);
  if (groups.length === 0) return null;
  return (
    <section className={classes.groups} aria-label="Groups that do not exist">
      <Text fw={500}>
        {groups.length === 1 ? "One group does not exist" : `${count(groups.length, "group")} do not exist`}
      </Text>
      <ul>
        {groups.slice(0, shown).map((group) => (
          <li key={group.name}>
            <span>{group.name}</span>
            <span className={classes.dim}>
              {count(group.rows, "row")}
              {group.nearest && <>. Did you mean {group.nearest}?</>}
            </span>
          </li>
        ))}
        {groups.length > shown && <li className={classes.dim}>and {number(groups.length - shown)} more</li>}
      </ul>
      {may(me, "imports.run") && may(me, "groups.create") && (
        <Checkbox
          label="Create missing groups"
          description={
            ticked
              ? "They are created, active, when you press Import CSV."
              : "Without this, rows that name them are left out. Was one of them mistyped? Mend it in the file and choose the file again."
          }
          checked={ticked}
          onChange={(event) => toggle(event.currentTarget.checked)}
        />
      )}
    </section>
  );
}
