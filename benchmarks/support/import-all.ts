import type { Installation } from "#server/open-installation.ts";
import { newTenant } from "./installation.ts";
import { peopleFile } from "./people-file.ts";
import { apply, createGroups, uploadAndCheck } from "./run-import.ts";
import { seconds } from "./time.ts";

/** An invite file into a new tenant, from the upload to the last row applied; no email is sent. Answers the seconds. */
export async function importAll(installation: Installation, rows: number): Promise<number> {
  const tenant = await newTenant(installation);
  return seconds(async () => {
    const importId = await uploadAndCheck(tenant, peopleFile(rows));
    await createGroups(tenant, importId);
    await apply(tenant, importId);
  });
}
