import { compare, type Options } from "./support/figure.ts";
import { newTenant, withInstallation } from "./support/installation.ts";
import { peopleFile } from "./support/people-file.ts";
import { apply, createGroups, uploadAndCheck } from "./support/run-import.ts";
import { serverVersion } from "./support/superuser.ts";
import { seconds } from "./support/time.ts";

export const about = "Applying a creation file with passwords, against an invite file of the same rows.";
export const bars = { "import.create": 1.3 };
export const usual = { rows: 100_000, runs: 5 };

/**
 * `import.create`: what passwords cost while people wait for the import. They come sealed from the check and are hashed
 * behind the import (`import.hashing` measures that), so that applying is to take little longer than for an invite file.
 */
export async function measure({ rows, runs }: Options) {
  const create: number[] = [];
  const invite: number[] = [];
  const postgres = await withInstallation(async (installation) => {
    const applied = async (passwords: boolean) => {
      const tenant = await newTenant(installation);
      const importId = await uploadAndCheck(tenant, peopleFile(rows, { passwords }));
      await createGroups(tenant, importId);
      return seconds(() => apply(tenant, importId));
    };
    for (let run = 0; run < runs; run += 1) {
      invite.push(await applied(false));
      create.push(await applied(true));
    }
    return serverVersion(installation);
  });
  const named = { figure: "import.create", bar: bars["import.create"] };
  return [compare(named, { ours: create, limit: invite }, { rows, runs, postgres })];
}
