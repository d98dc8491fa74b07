import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { isQuiet } from "./support/busy-cores.ts";
import { type Benchmark, barInWords, type Figure, isWithin } from "./support/figure.ts";
import { findBenchmarks } from "./support/find-benchmarks.ts";
import { saveResult } from "./support/results.ts";
import { inSeconds } from "./support/time.ts";

const usage = "npm run bench -- NAME | --all  [--rows N] [--runs N] [--json] [--save]";
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: "boolean" },
    json: { type: "boolean" },
    rows: { type: "string" },
    runs: { type: "string" },
    save: { type: "boolean" },
  },
});
const benchmarks = await findBenchmarks();
const [asked] = positionals;

if (values.all) {
  process.exitCode = runAll();
} else {
  // A figure's name stands for the script that measures it.
  const [name, benchmark] =
    [...benchmarks].find(([known, { bars }]) => asked && (known === asked || asked in bars)) ?? [];
  if (name && benchmark) await run(name, benchmark);
  else list();
}

/** One after the other, each in a process of its own: none inherits another's memory or compiled code. */
function runAll() {
  const options = process.argv.slice(2).filter((argument) => argument !== "--all");
  const failed = [...benchmarks.keys()].filter(
    (name) =>
      spawnSync(process.execPath, [...process.execArgv, import.meta.filename, name, ...options], {
        stdio: "inherit",
      }).status !== 0,
  );
  if (failed.length > 0) process.stderr.write(`Did not run to the end: ${failed.join(", ")}\n`);
  return failed.length > 0 ? 1 : 0;
}

async function run(name: string, { usual, measure }: Benchmark) {
  const quietBefore = !values.save || (await isQuiet());
  const figures = await measure({
    rows: Number(values.rows ?? usual.rows),
    runs: Number(values.runs ?? usual.runs),
  });
  for (const figure of figures) {
    process.stdout.write(`${values.json ? JSON.stringify(figure) : inWords(figure)}\n`);
  }
  if (values.save) saveResult(name, { figures, quiet: quietBefore && (await isQuiet()) });
}

function inWords(found: Figure) {
  const { figure, ratio, bar, ours_s, limit_s, settings } = found;
  const judged = `${isWithin(found) ? "within" : "MISSES"} its bar: ${barInWords(figure, bar)}`;
  const times = `ours ${inSeconds(ours_s)} s, limit ${inSeconds(limit_s)} s`;
  return `${figure}  ${ratio.toFixed(2)} (${judged})  ${times}  ${JSON.stringify(settings)}`;
}

function list() {
  process.stdout.write(`${asked ? `There is no benchmark ${asked}.` : "Say which, or --all:"} ${usage}\n\n`);
  for (const [name, { about, bars, usual }] of benchmarks) {
    process.stdout.write(`${name}  ${about} (${usual.rows} rows, ${usual.runs} runs)\n`);
    for (const [figure, bar] of Object.entries(bars)) {
      process.stdout.write(`    ${figure}  ${barInWords(figure, bar)}\n`);
    }
  }
  process.exitCode = asked ? 2 : 0;
}
