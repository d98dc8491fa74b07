import { Readable } from "node:stream";
import { applyImport } from "#server/features/imports/apply-import.ts";
import { checkImport } from "#server/features/imports/check-import.ts";
import { changeImport, startImport } from "#server/features/imports/decide-import.ts";
import { presentImport } from "#server/features/imports/present-import.ts";
import { receiveUpload } from "#server/features/imports/receive-upload.ts";
import type { Tenant } from "./installation.ts";

/** Uploads one file. Answers the import, which waits to be checked. */
export async function upload({ door }: Tenant, content: Iterable<Buffer>): Promise<string> {
  const file = { name: "people.csv", content: Readable.from(content) };
  const { id } = await receiveUpload(
    door,
    (async function* () {
      yield file;
    })(),
  );
  return id;
}

/** Uploads one file and has it checked. Answers the import. */
export async function uploadAndCheck(tenant: Tenant, content: Iterable<Buffer>): Promise<string> {
  const importId = await upload(tenant, content);
  await checkImport(tenant.door, importId, () => false);
  return importId;
}

/** Groups that do not exist are to be made. */
export const createGroups = ({ door }: Tenant, importId: string) =>
  door.run((ctx) => changeImport(ctx, importId, { createMissingGroups: true }));

/** Applies it all. `beforeBatch` is called before each batch, and once more after the last. */
export async function apply({ door }: Tenant, importId: string, beforeBatch = () => {}) {
  await door.run(async (ctx) => {
    const { planHash, seatBelt } = await presentImport(ctx, importId);
    await startImport(ctx, importId, { planHash: planHash ?? "", confirmation: seatBelt?.phrase });
  });
  await applyImport(door, importId, () => {
    beforeBatch();
    return false;
  });
}
