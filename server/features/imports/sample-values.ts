import type { Context, Door } from "#server/context.ts";
import { clipText } from "#server/platform/text/clip-text.ts";
import type { ReadableFile } from "./open-file.ts";
import type { Upload } from "./read-upload.ts";
import { readRows } from "./reading/read-rows.ts";
import { recogniseColumns } from "./reading/recognise-columns.ts";
import { type FileRecord, writeFile } from "./store.ts";

/** So many rows show what a column holds. */
export const sampleRows = 3;
/** And so many columns: nobody maps more by hand. */
const sampleColumns = 100;

/** Sealed and wiped like the file itself: a column nobody has recognised may hold passwords. */
const contextOf = (tenantId: string, importId: string, fileNo: number) =>
  `import-samples:${tenantId}:${importId}:${fileNo}`;

type Samples = { place: Upload; file: ReadableFile; beforeWrite: (ctx: Context) => Promise<void> };

/** Keeps the first values of each column for whoever says what the columns are; none of a password column. */
export async function keepSamples(door: Door, { place, file, beforeWrite }: Samples) {
  const { headers } = file.recognised;
  const { password, passwordHash } = recogniseColumns(headers).mapping;
  const rows = await firstRows(file);
  const byColumn = headers
    .slice(0, sampleColumns)
    .map((_, column) =>
      column === password || column === passwordHash
        ? []
        : rows.map((cells) => clipText(cells[column] ?? "", 60)),
    );
  const context = contextOf(door.tenantId, place.importId, place.fileNo);
  const sealedSamples = door.instance.secrets.seal(JSON.stringify(byColumn), context);
  await door.run(async (ctx) => {
    await beforeWrite(ctx);
    await writeFile(ctx, place, { sealedSamples, problem: null });
  });
}

async function firstRows(file: ReadableFile): Promise<string[][]> {
  const rows: string[][] = [];
  for await (const read of readRows(file.chunks(), file.recognised)) {
    rows.push(...read.slice(0, sampleRows - rows.length).map(({ cells }) => cells));
    if (rows.length === sampleRows) break;
  }
  return rows;
}

/** The first values of each column; none once the upload is wiped. */
export function readSamples(
  { tenantId, instance }: Context,
  { import_id, file_no, sealed_samples }: FileRecord & { import_id: string },
): string[][] {
  if (!sealed_samples) return [];
  const opened = instance.secrets.open(sealed_samples, contextOf(tenantId, import_id, file_no));
  return JSON.parse(opened.toString()) as string[][];
}
