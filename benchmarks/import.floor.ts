import { bareCopy } from "./support/bare-copy.ts";
import { byHand } from "./support/by-hand.ts";
import { newTenant, withInstallation } from "./support/installation.ts";
import { peopleFile } from "./support/people-file.ts";
import { createGroups, uploadAndCheck } from "./support/run-import.ts";
import { asSuperuser, serverVersion } from "./support/superuser.ts";
import { median, spread } from "./support/time.ts";

/** What an invited person is made of. */
const tables = ["users", "memberships", "links", "messages"];

/**
 * `import.floor`: what the tables cost by themselves, with nothing of ours in between. Hand-written INSERT … SELECT into the
 * real tables with their indexes (and the row outcomes), against a plain COPY of the same final rows into bare tables.
 */
export async function measure({ rows, runs }: { rows: number; runs: number }) {
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
  return [
    {
      figure: "import.floor",
      ratio: median(hand) / median(copy),
      bar: 4,
      ours_s: median(hand),
      limit_s: median(copy),
      settings: { rows, runs, postgres, ours: spread(hand), limit: spread(copy) },
    },
  ];
}
