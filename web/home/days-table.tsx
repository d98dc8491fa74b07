import { ScrollArea } from "@mantine/core";
import type { DailyCount } from "#server/features/home/contract.ts";
import tableClasses from "../ui/table.module.css";
import { exactDay } from "../ui/time.ts";
import { number } from "../ui/words.ts";
import classes from "./home.module.css";

const written = (value: number | null) => (value === null ? "not counted" : number(value));

/** Every day of the chart in numbers, the latest first. */
export const DaysTable = ({ days }: { days: readonly DailyCount[] }) => (
  <ScrollArea
    h={260}
    type="auto"
    viewportProps={{ tabIndex: 0, role: "group", "aria-label": "People by day" }}
  >
    <table className={classes.daysTable} aria-label="People by status on each day">
      <thead>
        <tr>
          <th scope="col">Day</th>
          {["All", "Active", "Invited", "Suspended"].map((name) => (
            <th key={name} scope="col" className={tableClasses.figures}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {days.toReversed().map(({ day, people, active, invited, suspended }) => (
          <tr key={day}>
            <th scope="row">
              <time dateTime={day}>{exactDay(day)}</time>
            </th>
            <td>{number(people)}</td>
            <td>{written(active)}</td>
            <td>{written(invited)}</td>
            <td>{written(suspended)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </ScrollArea>
);
