import { Checkbox, NumberInput, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Import } from "#server/features/imports/contract.ts";
import { useTenant } from "../shell/queries.ts";
import { useWanted } from "../ui/use-wanted.ts";
import { people } from "../ui/words.ts";
import type { Change } from "./plan-choices.tsx";
import classes from "./review.module.css";

const shown = 10;

/** People an earlier import of the same source brought in and who are missing from this file. */
export function Leavers({ found, change }: { found: Import; change: Change }) {
  const tenant = useTenant();
  const { leavers } = found;
  const [ticked, toggle] = useWanted(leavers?.suspend ?? false, (suspendLeavers) =>
    change({ suspendLeavers }),
  );
  if (!leavers || leavers.missing === 0) return null;
  const more = leavers.missing - Math.min(leavers.people.length, shown);
  return (
    <section className={classes.groups} aria-label="People missing from this file">
      <Text fw={500}>
        {people(leavers.missing)} from {found.source} {leavers.missing === 1 ? "is" : "are"} missing from this
        file
      </Text>
      <ul>
        {leavers.people.slice(0, shown).map((person) => (
          <li key={person.userId}>
            <Link to="/t/$tenant/users/$userId" params={{ tenant, userId: person.userId }}>
              {person.name}
            </Link>
            <span className={classes.dim}>{person.email}</span>
          </li>
        ))}
        {more > 0 && <li className={classes.dim}>and {people(more)} more</li>}
      </ul>
      <Checkbox
        label={leavers.missing === 1 ? "Suspend this person" : "Suspend these people"}
        description="When the days of grace are over, unless they are in a later file again."
        checked={ticked}
        onChange={(event) => toggle(event.currentTarget.checked)}
      />
      {ticked && (
        <NumberInput
          label="Days of grace"
          size="xs"
          w={120}
          min={0}
          max={90}
          clampBehavior="strict"
          defaultValue={leavers.graceDays}
          onBlur={(event) => {
            const days = Number(event.currentTarget.value);
            if (Number.isInteger(days) && days !== leavers.graceDays) void change({ leaversGraceDays: days });
          }}
        />
      )}
    </section>
  );
}
