import { setTimeout as pause } from "node:timers/promises";
import { compare, type Options } from "./support/figure.ts";
import { hashAlone } from "./support/hash-alone.ts";
import { peopleFile } from "./support/people-file.ts";
import { listUsers, type Portal, settle, startImport, upload, withPortal } from "./support/portal.ts";
import { sample } from "./support/sample.ts";
import { p99, seconds } from "./support/time.ts";

export const about =
  "Hashing the passwords behind an import, against what the cores can hash; the users list over HTTP meanwhile, against an idle server.";
export const bars = { "import.hashing.share": 0.8, "import.hashing.list_p99": 3 };
export const usual = { rows: 2_000, runs: 3 };

const peopleBefore = 10_000;
const requests = 500;

/**
 * `import.hashing.share`: from the moment the people of a creation file are there to the last hash stored, their emails
 * held: nothing else runs. `import.hashing.list_p99`: the 99th percentile of a page of users, one request at a time, the emails
 * of those who are done going out meanwhile.
 */
export async function measure({ rows, runs }: Options) {
  const hashed: number[] = [];
  const alone: number[] = [];
  const during: number[] = [];
  const idle: number[] = [];
  const postgres = await withPortal(peopleBefore, async (portal) => {
    await listPages(portal, 50);
    for (let run = 0; run < runs; run += 1) {
      idle.push(p99(await listPages(portal, requests)));
      await importPeople(portal, `watched${run}-`, { rows, mail: "now" });
      during.push(p99(await listPages(portal, requests)));
      if ((await waiting(portal)) === 0) throw new Error("Hashing ended before the requests: more --rows.");
      await settle(portal);
      await importPeople(portal, `hashed${run}-`, { rows, mail: "hold" });
      hashed.push(await seconds(() => untilHashed(portal)));
      await settle(portal);
      alone.push(await hashAlone(rows));
    }
    return portal.postgres;
  });
  const settings = { rows, runs, postgres };
  const figure = (name: keyof typeof bars, ours: number[], limit: number[], more = {}) =>
    compare({ figure: name, bar: bars[name] }, { ours, limit }, { ...settings, ...more });
  return [
    figure("import.hashing.share", hashed, alone),
    figure("import.hashing.list_p99", during, idle, { requests, peopleBefore }),
  ];
}

const listPages = async (portal: Portal, count: number) =>
  (await sample({ list: () => listUsers(portal) }, { goOn: (rounds) => rounds < count, pauseMs: 0 })).list;

type People = { rows: number; mail: "now" | "hold" };

/** Imports people with passwords; they are there and nobody's is hashed when it answers. */
async function importPeople(portal: Portal, who: string, { rows, mail }: People) {
  await startImport(portal, await upload(portal, peopleFile(rows, { passwords: true, who })), mail);
  while ((await waiting(portal)) === 0) await pause(20);
}

async function untilHashed(portal: Portal) {
  while ((await waiting(portal)) > 0) await pause(100);
}

async function waiting({ muster }: Portal): Promise<number> {
  const [row] = await muster.query<{ waiting: number }>(
    "select count(*)::int as waiting from credentials where password_hash is null and sealed_password is not null",
  );
  return row?.waiting ?? 0;
}
