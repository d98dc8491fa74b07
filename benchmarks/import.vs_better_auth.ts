import { betterAuthPackages, openBetterAuth } from "./support/better-auth.ts";
import { compare, type Options } from "./support/figure.ts";
import { importAll } from "./support/import-all.ts";
import { withInstallation } from "./support/installation.ts";
import { withNpmFolder } from "./support/npm-folder.ts";
import { asSuperuser, serverVersion, superuserOf } from "./support/superuser.ts";
import { seconds } from "./support/time.ts";

export const about =
  "An invite file from upload to the last row, against as many users created through better-auth's admin plugin.";
export const bars = { "import.vs_better_auth": 0.25 };
export const usual = { rows: 10_000, runs: 3 };

const inFlight = 8;

/**
 * `import.vs_better_auth`: there is no import in better-auth, so its users are created one a call, several calls at once, in
 * process and without HTTP; on the same server. Ours also makes groups, invitations and messages; neither sends any.
 */
export async function measure({ rows, runs }: Options) {
  const ours: number[] = [];
  const theirs: number[] = [];
  const postgres = await withNpmFolder(betterAuthPackages, (folder) =>
    withInstallation(async (installation) => {
      await asSuperuser(installation, (client) => client.query("create database better_auth"));
      const auth = await openBetterAuth(folder, { ...superuserOf(installation), database: "better_auth" });
      for (let run = 0; run < runs; run += 1) {
        ours.push(await importAll(installation, rows));
        theirs.push(await seconds(() => auth.createUsers(people(rows, run), inFlight)));
      }
      const made = await auth.countUsers();
      if (made !== rows * runs) throw new Error(`better-auth has made ${made} users.`);
      await auth.close();
      return serverVersion(installation);
    }),
  );
  const named = { figure: "import.vs_better_auth", bar: bars["import.vs_better_auth"] };
  const settings = { rows, runs, postgres, against: betterAuthPackages[0], inFlight };
  return [compare(named, { ours, limit: theirs }, settings)];
}

function* people(rows: number, run: number) {
  for (let n = 0; n < rows; n += 1)
    yield { email: `person${n}@run${run}.example.org`, name: `First${n} Last${n}` };
}
