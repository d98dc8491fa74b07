import { compare, type Options } from "./support/figure.ts";
import { peopleFile } from "./support/people-file.ts";
import {
  importIn,
  listUsers,
  type Portal,
  signIn,
  startImport,
  upload,
  withPortal,
} from "./support/portal.ts";
import { sample } from "./support/sample.ts";
import { inSeconds, median, p99 } from "./support/time.ts";

export const about =
  "The users list and signing in over HTTP while an import is checked and applied, against the same server with nothing to do.";
export const bars = { "import.list_p99": 3, "import.sign_in_p99": 3 };
export const usual = { rows: 1_000_000, runs: 1 };

const peopleBefore = 10_000;
const idleRounds = 400;
const pauseMs = 250;

type Name = "list" | "sign_in";
type Times = Record<Name, number[]>;

/**
 * `import.list_p99`, `import.sign_in_p99`: the 99th percentile of requests, one at a time at an even pace, from the end of
 * the upload to the last row applied, emails going out meanwhile; against the same requests at the same pace before.
 */
export async function measure({ rows, runs }: Options) {
  const measured: { idle: Times; during: Times; postgres: string }[] = [];
  for (let run = 0; run < runs; run += 1) {
    measured.push(
      await withPortal(peopleBefore, async (portal) => {
        const calls = { list: () => listUsers(portal), sign_in: () => signIn(portal) };
        // The first requests of a process are slower than all others.
        await sample(calls, { goOn: (rounds) => rounds < 20, pauseMs: 0 });
        const idle = await sample(calls, { goOn: (rounds) => rounds < idleRounds, pauseMs });
        const during = await whileImporting(portal, rows, (goOn) => sample(calls, { goOn, pauseMs }));
        return { idle, during, postgres: portal.postgres };
      }),
    );
  }
  const settings = { rows, runs, postgres: measured[0]?.postgres, peopleBefore, pauseMs };
  const figure = (name: Name) => {
    const named = `import.${name}_p99` as const;
    const [ours, limit] = (["during", "idle"] as const).map((when) => measured.map((one) => one[when][name]));
    return compare(
      { figure: named, bar: bars[named] },
      { ours: (ours ?? []).map(p99), limit: (limit ?? []).map(p99) },
      { ...settings, during: inWords(ours?.flat() ?? []), idle: inWords(limit?.flat() ?? []) },
    );
  };
  return [figure("list"), figure("sign_in")];
}

async function whileImporting<T>(portal: Portal, rows: number, work: (goOn: () => boolean) => Promise<T>) {
  const importId = await upload(portal, peopleFile(rows));
  let running = true;
  const imported = startImport(portal, importId)
    .then(() => importIn(portal, importId, "finished"))
    .finally(() => {
      running = false;
    });
  const [done] = await Promise.all([work(() => running), imported]);
  return done;
}

const inWords = (times: readonly number[]) =>
  `${times.length} requests, median ${inSeconds(median(times))}, slowest ${inSeconds(Math.max(...times))}`;
