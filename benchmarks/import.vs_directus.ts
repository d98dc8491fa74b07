import { directusPackages, startDirectus } from "./support/directus.ts";
import { compare, type Options } from "./support/figure.ts";
import { importAll } from "./support/import-all.ts";
import { withInstallation } from "./support/installation.ts";
import { withNpmFolder } from "./support/npm-folder.ts";
import { asSuperuser, serverVersion, superuserOf } from "./support/superuser.ts";
import { seconds } from "./support/time.ts";

export const about =
  "An invite file from upload to the last row, against Directus' own CSV import of as many users.";
export const bars = { "import.vs_directus": 0.1 };
export const usual = { rows: 5_000, runs: 3 };

/**
 * `import.vs_directus`: Directus imports people with a name, an address and a role, without a password, so that it hashes
 * nothing; on the same server. Ours also makes groups, invitations and messages; neither sends any.
 */
export async function measure({ rows, runs }: Options) {
  const ours: number[] = [];
  const theirs: number[] = [];
  const postgres = await withNpmFolder(directusPackages, (folder) =>
    withInstallation(async (installation) => {
      await asSuperuser(installation, (client) => client.query("create database directus"));
      const directus = await startDirectus(folder, { ...superuserOf(installation), database: "directus" });
      try {
        const before = await directus.countUsers();
        for (let run = 0; run < runs; run += 1) {
          ours.push(await importAll(installation, rows));
          theirs.push(await seconds(() => directus.importUsers(rows, `run${run}.example.org`)));
        }
        const made = (await directus.countUsers()) - before;
        if (made !== rows * runs) throw new Error(`Directus has made ${made} users.`);
      } finally {
        await directus.stop();
      }
      return serverVersion(installation);
    }),
  );
  const named = { figure: "import.vs_directus", bar: bars["import.vs_directus"] };
  const settings = { rows, runs, postgres, against: directusPackages[0] };
  return [compare(named, { ours, limit: theirs }, settings)];
}
