import { LineChart } from "@mantine/charts";
import "@mantine/charts/styles.css";
import type { DailyCount } from "#server/features/home/contract.ts";
import { exactDay } from "../ui/time.ts";
import { number } from "../ui/words.ts";
import classes from "./home.module.css";

/** Each line by its colour and by its dashes. */
const series = [
  { name: "people", label: "All", color: "var(--m-accent)", strokeDasharray: "none" },
  { name: "active", label: "Active", color: "var(--m-ok)", strokeDasharray: "8 3" },
  { name: "invited", label: "Invited", color: "var(--mantine-color-dimmed)", strokeDasharray: "4 3" },
  { name: "suspended", label: "Suspended", color: "var(--m-warn)", strokeDasharray: "1 3" },
];
const axisDay = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

/** Loaded apart: nothing else uses the charting library. */
export const DaysChart = ({ days }: { days: readonly DailyCount[] }) => (
  <>
    <LineChart
      h={230}
      data={days.map((count) => ({ ...count }))}
      dataKey="day"
      series={series}
      withDots={false}
      curveType="linear"
      connectNulls={false}
      strokeWidth={2}
      gridAxis="x"
      tickLine="none"
      valueFormatter={number}
      xAxisProps={{
        tickFormatter: (day: string) => axisDay.format(new Date(`${day}T12:00`)),
        minTickGap: 32,
      }}
      yAxisProps={{ allowDecimals: false, width: 64 }}
      tooltipProps={{ labelFormatter: (day) => (typeof day === "string" ? exactDay(day) : "") }}
      lineProps={{ isAnimationActive: false }}
      lineChartProps={{ accessibilityLayer: false }}
    />
    <div className={classes.legend}>
      {series.map(({ name, label, color, strokeDasharray }) => (
        <span key={name}>
          <svg viewBox="0 0 28 4" width="28" height="4" aria-hidden="true">
            <path d="M0 2h28" stroke={color} strokeWidth="2" strokeDasharray={strokeDasharray} />
          </svg>
          {label}
        </span>
      ))}
    </div>
  </>
);
