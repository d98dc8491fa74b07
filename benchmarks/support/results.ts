import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import type { Figure } from "./figure.ts";

const folder = join(import.meta.dirname, "../results");
const GiB = 1024 ** 3;

/** What is kept of a script's last measurement, as `benchmarks/results/NAME.json`. */
export type Result = {
  /** In plain words; no names of machines or folders. */
  machine: string;
  /** The day, in UTC. */
  measured: string;
  /** Nothing else kept the cores busy just before and just after. */
  quiet: boolean;
  figures: Figure[];
};

export function saveResult(name: string, { figures, quiet }: Pick<Result, "figures" | "quiet">) {
  const result: Result = {
    machine: machine(figures),
    measured: new Date().toISOString().slice(0, 10),
    quiet,
    figures,
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(result, rounded, 2)}\n`);
}

/** No more digits than mean something. */
const rounded = (_key: string, value: unknown) =>
  typeof value === "number" ? Math.round(value * 10_000) / 10_000 : value;

export const readResults = (): Result[] =>
  readdirSync(folder)
    .sort()
    .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as Result);

function machine(figures: readonly Figure[]) {
  const postgres = figures.find(({ settings }) => settings.postgres)?.settings.postgres;
  return [
    `${availableParallelism()} cores`,
    `${Math.round(totalmem() / GiB)} GiB`,
    `Node ${process.versions.node}`,
    postgres && `embedded PostgreSQL ${postgres}`,
  ]
    .filter(Boolean)
    .join(", ");
}
