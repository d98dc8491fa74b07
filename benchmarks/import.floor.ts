import { bareCopy } from "./support/bare-copy.ts";
import { byHand } from "./support/by-hand.ts";
import { compare, type Options } from "./support/figure.ts";
import { newTenant, withInstallation } from "./support/installation.ts";
import { peopleFile } from "./support/people-file.ts";
import { createGroups, uploadAndCheck } from "./support/run-import.ts";
import { asSuperuser, serverVersion } from "./support/superuser.ts";

export const about = "Hand-written INSERT … SELECT into the real tables, against COPY into bare ones.";
export const bars = { "import.floor": 4 };
export const usual = { rows: 100_000, runs: 5 };

/** What an invited person is made of. */
const tables = ["users", "memberships", "links", "messages"];

/**
 * `import.floor`: what the tables cost by themselves, with nothing of ours in between. Hand-written INSERT … SELECT into the
 * real tables with their indexes (and the row outcomes), against a plain COPY of the same final rows into bare tables.
 */
export async function measure({ rows, runs }: Options) {
  const hand: number[] = [];
  const copy: number[] = [];
  const postgres = await withInstallation(async (installation) => {
    for (let run = 0; run < runs; run += 1) {
      const tenant = await newTenant(installation);
      const importId = await uploadAndCheck(tenant, peopleFile(rows));
      await createGroups(tenant, importId);
      hand.push(await byHand(installation, tenant, importId));
      copy.push(await asSuperuser(installation, (client) => bareCopy(client, tenant.id, tables)));
    }
    return serverVersion(installation);
  });
  const named = { figure: "import.floor", bar: bars["import.floor"] };
  return [compare(named, { ours: hand, limit: copy }, { rows, runs, postgres })];
}
