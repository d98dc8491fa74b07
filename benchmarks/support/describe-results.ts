import { barInWords, type Figure, isWithin } from "./figure.ts";
import type { Result } from "./results.ts";
import { inSeconds } from "./time.ts";

/** The results as a table of `docs/benchmarks.md`. */
export function describeResults(results: readonly Result[]): string {
  const rows = results.flatMap(({ figures, machine, measured, quiet }) =>
    figures.map((figure) => [
      `\`${figure.figure}\``,
      figure.ratio.toFixed(2),
      `${barInWords(figure.figure, figure.bar)}${isWithin(figure) ? "" : ", **missed**"}`,
      times(figure),
      settings(figure),
      `${measured}, ${machine}${quiet ? "" : "; **not quiet**"}`,
    ]),
  );
  const heading = ["figure", "ratio", "bar", "ours / limit", "settings", "measured"];
  return [heading, heading.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |\n`).join("");
}

/** What is not a time says so in its settings. */
const times = ({ ours_s, limit_s }: Figure) =>
  ours_s > 0 ? `${inSeconds(ours_s)} s / ${inSeconds(limit_s)} s` : "";

const settings = ({ settings: { postgres: _, ...rest } }: Figure) =>
  Object.entries(rest)
    .map(([name, value]) => `${name} ${typeof value === "number" ? Math.round(value * 100) / 100 : value}`)
    .join("; ");
