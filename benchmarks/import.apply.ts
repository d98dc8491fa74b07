import type { Installation } from "#server/open-installation.ts";
import { byHand } from "./support/by-hand.ts";
import { newTenant, withInstallation } from "./support/installation.ts";
import { peopleFile } from "./support/people-file.ts";
import { apply, createGroups, uploadAndCheck } from "./support/run-import.ts";
import { serverVersion } from "./support/superuser.ts";
import { median, seconds, spread } from "./support/time.ts";

/**
 * `import.apply`: applying an invite file, against the database itself: the same final rows (users, memberships,
 * invitations, messages, row outcomes) put by hand-written INSERT … SELECT into the same tables with the same indexes on the
 * same server, in one transaction as the superuser, whom row-level security does not slow. `import.total`: from pressing
 * upload to the last row applied, against the same limit.
 */
export async function measure({ rows, runs }: { rows: number; runs: number }) {
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
  const settings = {
    rows,
    runs,
    postgres,
    batchRows: 5000,
    ours: spread(ours),
    total: spread(total),
    limit: spread(limit),
  };
  const figure = (name: string, times: number[], bar: number) => ({
    figure: name,
    ratio: median(times) / median(limit),
    bar,
    ours_s: median(times),
    limit_s: median(limit),
    settings,
  });
  return [figure("import.apply", ours, 1.5), figure("import.total", total, 3)];
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
