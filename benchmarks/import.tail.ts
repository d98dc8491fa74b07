import { compare, type Options } from "./support/figure.ts";
import { newTenant, withInstallation } from "./support/installation.ts";
import { peopleFile } from "./support/people-file.ts";
import { apply, createGroups, uploadAndCheck } from "./support/run-import.ts";
import { serverVersion } from "./support/superuser.ts";
import { spread } from "./support/time.ts";

export const about =
  "The last tenth of a large invite file against its first, and how much the process grows against 200 MB.";
export const bars = { "import.tail": 1.3, "import.memory": 1 };
export const usual = { rows: 1_000_000, runs: 1 };

const batchRows = 5000;

/**
 * `import.tail`: what the last tenth of a large invite file takes, against the first tenth: does applying slow down as the
 * tables fill? `import.memory`: how much the process grows over its idle size from the upload to the last row, in MB, in the
 * run in which it grows most: what it has grown to once is the next run's idle size.
 */
export async function measure({ rows, runs }: Options) {
  const first: number[] = [];
  const last: number[] = [];
  const grown: number[] = [];
  const postgres = await withInstallation(async (installation) => {
    for (let run = 0; run < runs; run += 1) {
      const tenant = await newTenant(installation);
      const memory = watchMemory();
      const importId = await uploadAndCheck(tenant, peopleFile(rows));
      await createGroups(tenant, importId);
      const batches: number[] = [];
      await apply(tenant, importId, () => batches.push(performance.now()));
      grown.push(memory.stop());
      const tenth = Math.floor(rows / batchRows / 10);
      const between = (from: number, to: number) => ((batches[to] ?? 0) - (batches[from] ?? 0)) / 1000;
      const whole = Math.floor(rows / batchRows);
      first.push(between(0, tenth));
      last.push(between(whole - tenth, whole));
    }
    return serverVersion(installation);
  });
  const settings = { rows, runs, postgres, batchRows };
  return [
    compare({ figure: "import.tail", bar: bars["import.tail"] }, { ours: last, limit: first }, settings),
    {
      figure: "import.memory",
      ratio: Math.max(...grown) / 200,
      bar: bars["import.memory"],
      ours_s: 0,
      limit_s: 0,
      settings: { ...settings, grownMb: Math.max(...grown), limitMb: 200, spread: spread(grown) },
    },
  ];
}

/** The highest resident size over the idle one, in MB. */
function watchMemory() {
  const idle = process.memoryUsage.rss();
  let highest = idle;
  const timer = setInterval(() => {
    highest = Math.max(highest, process.memoryUsage.rss());
  }, 100);
  return {
    stop: () => {
      clearInterval(timer);
      return (highest - idle) / 1024 / 1024;
    },
  };
}
