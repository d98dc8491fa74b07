import type { Installation } from "#server/open-installation.ts";
import { byHand } from "./support/by-hand.ts";
import { compare, type Options } from "./support/figure.ts";
import { newTenant, withInstallation } from "./support/installation.ts";
import { peopleFile } from "./support/people-file.ts";
import { apply, createGroups, uploadAndCheck } from "./support/run-import.ts";
import { serverVersion } from "./support/superuser.ts";
import { seconds } from "./support/time.ts";

export const about =
  "Applying an invite file, and all of it from upload to the last row, against the same rows by hand-written INSERT … SELECT.";
export const bars = { "import.apply": 1.5, "import.total": 3 };
export const usual = { rows: 100_000, runs: 5 };

/**
 * `import.apply`: applying an invite file, against the database itself: the same final rows (users, memberships,
 * invitations, messages, row outcomes) put by hand-written INSERT … SELECT into the same tables with the same indexes on the
 * same server, in one transaction as the superuser, whom row-level security does not slow. `import.total`: from pressing
 * upload to the last row applied, against the same limit.
 */
export async function measure({ rows, runs }: Options) {
  const ours: number[] = [];
  const total: number[] = [];
  const limit: number[] = [];
  const postgres = await withInstallation(async (installation) => {
    for (let run = 0; run < runs; run += 1) {
      const { tenant, importId, staged } = await stage(installation, rows);
      const applied = await seconds(() => apply(tenant, importId));
      ours.push(applied);
      total.push(staged + applied);
      const theirs = await stage(installation, rows);
      limit.push(await byHand(installation, theirs.tenant, theirs.importId));
    }
    return serverVersion(installation);
  });
  const settings = { rows, runs, postgres, batchRows: 5000 };
  const figure = (name: keyof typeof bars, times: number[]) =>
    compare({ figure: name, bar: bars[name] }, { ours: times, limit }, settings);
  return [figure("import.apply", ours), figure("import.total", total)];
}

/** A tenant with an import that is uploaded and checked, all rows ready once the groups are made. */
async function stage(installation: Installation, rows: number) {
  const tenant = await newTenant(installation);
  let importId = "";
  const staged = await seconds(async () => {
    importId = await uploadAndCheck(tenant, peopleFile(rows));
  });
  await createGroups(tenant, importId);
  return { tenant, importId, staged };
}
