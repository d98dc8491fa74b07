import { SegmentedControl, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import type { Home } from "#server/features/home/contract.ts";
import { useTenant } from "../shell/queries.ts";
import { StatusMark } from "../ui/status-mark.tsx";
import { exactDay } from "../ui/time.ts";
import { number } from "../ui/words.ts";
import { ZoneNote } from "../ui/zone-note.tsx";
import { statusLooks } from "../users/user-status.tsx";
import { DaysTable } from "./days-table.tsx";
import { Figure } from "./figures.tsx";
import classes from "./home.module.css";
import { Section } from "./section.tsx";

// The charting library is larger than the rest of the screen: it comes when there is something to draw.
const DaysChart = lazy(() => import("./days-chart.tsx").then(({ DaysChart }) => ({ default: DaysChart })));

type Period = "month" | "quarter" | "year";
type Props = {
  home: Home | undefined;
  period: Period;
  table: boolean;
  change: (next: { period?: "month" | "year" | undefined; table?: true | undefined }) => void;
};

/** How many people there are of each status, now and over time: as a chart, or as a table for who wants the numbers. */
export function PeopleSection({ home, period, table, change }: Props) {
  const days = home?.history ?? [];
  const choices = days.length > 1 && (
    <div className={classes.choices}>
      <SegmentedControl
        size="xs"
        aria-label="Period"
        value={period}
        onChange={(value) =>
          change({ period: value === "quarter" ? undefined : (value as "month" | "year") })
        }
        data={[
          { value: "month", label: "30 days" },
          { value: "quarter", label: "90 days" },
          { value: "year", label: "1 year" },
        ]}
      />
      <SegmentedControl
        size="xs"
        aria-label="Shown as"
        value={table ? "table" : "chart"}
        onChange={(value) => change({ table: value === "table" || undefined })}
        data={[
          { value: "chart", label: "Chart" },
          { value: "table", label: "Table" },
        ]}
      />
    </div>
  );
  return (
    <Section title="People" aside={choices}>
      <PeopleNow people={home?.people} />
      {(!home || days.length > 1) && (
        <div className={classes.days}>
          {table ? <DaysTable days={days} /> : <Suspense>{home && <Drawn days={days} />}</Suspense>}
          <ZoneNote />
        </div>
      )}
      {home && days.length <= 1 && (
        <Text c="dimmed">From tomorrow on, this shows how the numbers change from day to day.</Text>
      )}
    </Section>
  );
}

function Drawn({ days }: { days: Home["history"] }) {
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return null;
  const words = `${exactDay(first.day)}: ${number(first.people)} people. ${exactDay(last.day)}: ${number(last.people)} people. The table has every day.`;
  return (
    <div role="img" aria-label={`People by status over time. ${words}`}>
      <DaysChart days={days} />
    </div>
  );
}

const shown = ["all", "active", "invited", "suspended"] as const;

function PeopleNow({ people }: { people: Home["people"] | undefined }) {
  const params = { tenant: useTenant() };
  return (
    <ul className={classes.now}>
      {shown.map((status) => (
        <Figure
          key={status}
          label={status === "all" ? "All" : <StatusWord status={status} />}
          value={people && number(people[status])}
          link={(props) => (
            <Link
              to="/t/$tenant/users"
              params={params}
              search={status === "all" ? {} : { status }}
              {...props}
            />
          )}
        />
      ))}
    </ul>
  );
}

function StatusWord({ status }: { status: keyof typeof statusLooks }) {
  const { shape, tone, word } = statusLooks[status];
  return (
    <StatusMark shape={shape} tone={tone}>
      {word}
    </StatusMark>
  );
}
