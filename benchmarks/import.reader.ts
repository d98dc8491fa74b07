import { checkRow } from "#server/features/imports/reading/check-row.ts";
import { readRows } from "#server/features/imports/reading/read-rows.ts";
import { recogniseColumns } from "#server/features/imports/reading/recognise-columns.ts";
import { headBytes, recogniseFile } from "#server/features/imports/reading/recognise-file.ts";
import { stageFile } from "#server/features/imports/stage-file.ts";
import { listFiles, readImport } from "#server/features/imports/store.ts";
import { bareCopy } from "./support/bare-copy.ts";
import { compare, type Options } from "./support/figure.ts";
import { newTenant, type Tenant, withInstallation } from "./support/installation.ts";
import { peopleFile } from "./support/people-file.ts";
import { upload } from "./support/run-import.ts";
import { splitOnly } from "./support/split-only.ts";
import { asSuperuser, serverVersion } from "./support/superuser.ts";
import { seconds } from "./support/time.ts";

export const about =
  "Reading and checking a file against csv-parse alone, and with its rows staged against COPY of those rows into a bare table.";
export const bars = { "import.reader": 2, "import.reader.staged": 5 };
export const usual = { rows: 100_000, runs: 5 };

type Times = { ours: number[]; limit: number[] };

/**
 * `import.reader`: decoding, parsing, normalising and checking a file in memory, against csv-parse doing nothing but splitting
 * the same bytes. `import.reader.staged`: the same from the sealed pieces of an upload, with the rows written to `import_rows`,
 * against a plain COPY of those rows into a table without an index.
 */
export async function measure({ rows, runs }: Options) {
  const pieces = [...peopleFile(rows)];
  const reader: Times = { ours: [], limit: [] };
  const staged: Times = { ours: [], limit: [] };
  const postgres = await withInstallation(async (installation) => {
    for (let run = 0; run < runs; run += 1) {
      reader.limit.push(await splitOnly(pieces));
      reader.ours.push(await seconds(() => readAndCheck(pieces)));
      const tenant = await newTenant(installation);
      const importId = await upload(tenant, pieces);
      staged.ours.push(await seconds(() => stage(tenant, importId)));
      staged.limit.push(
        await asSuperuser(installation, (client) => bareCopy(client, tenant.id, ["import_rows"])),
      );
    }
    return serverVersion(installation);
  });
  const figure = (name: keyof typeof bars, times: Times) =>
    compare({ figure: name, bar: bars[name] }, times, { rows, runs, postgres });
  return [figure("import.reader", reader), figure("import.reader.staged", staged)];
}

async function readAndCheck(pieces: readonly Buffer[]) {
  const result = recogniseFile(Buffer.concat(pieces).subarray(0, headBytes));
  if (!result.ok) throw new Error(result.problem.message);
  const { mapping } = recogniseColumns(result.recognised.headers);
  for await (const rows of readRows(inOrder(pieces), result.recognised)) {
    for (const row of rows) checkRow(row, mapping, () => false);
  }
}

async function* inOrder(pieces: readonly Buffer[]) {
  yield* pieces;
}

async function stage({ door }: Tenant, importId: string) {
  for (const { file_no: fileNo, bytes, sha256, choice } of await door.run((ctx) =>
    listFiles(ctx, [importId]),
  )) {
    await stageFile(
      door,
      { importId, fileNo, bytes, sha256 },
      {
        signal: new AbortController().signal,
        choice,
        edits: new Map(),
        rowsBefore: 0,
        knownGroup: () => false,
        named: new Map(),
        beforeWrite: async (ctx) => void (await readImport(ctx, importId, "lock")),
      },
    );
  }
}
