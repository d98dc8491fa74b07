import { createHash } from "node:crypto";
import type { Context, Door } from "#server/context.ts";
import type { ReadableFile } from "./open-file.ts";
import type { Upload } from "./read-upload.ts";
import { applyColumnChoice, usesOf } from "./reading/apply-column-choice.ts";
import { checkMapping } from "./reading/check-mapping.ts";
import { normaliseHeader } from "./reading/columns/recognise-header.ts";
import { recogniseColumns } from "./reading/recognise-columns.ts";
import type { ColumnMapping, RecognisedColumns } from "./reading/types.ts";
import { UnreadableFileError } from "./reading/unreadable-file-error.ts";
import { type FileChoice, type ImportKind, type RecognisedFile, writeFile } from "./store.ts";

type Mapping = {
  place: Upload;
  file: ReadableFile;
  choice: FileChoice;
  beforeWrite: (ctx: Context) => Promise<void>;
};
type Mapped = RecognisedColumns & { from: RecognisedFile["mapping"] };

/**
 * Which column of a file holds what: as somebody chose, as an import of such a file had it, or as recognised. Noted with
 * the file; throws `UnreadableFileError` where it cannot be read so.
 */
export async function mapFile(door: Door, { place, file, choice, beforeWrite }: Mapping) {
  const { headers } = file.recognised;
  const headersKey = headersKeyOf(headers);
  const remembered = choice.columns ? undefined : await door.run((ctx) => recallMapping(ctx, headersKey));
  const { mapping, problems, from } = chooseMapping(headers, choice, remembered);
  const [problem] = problems;
  const message = problems.map((one) => one.message).join(" ");
  const ways = [...new Set(problems.flatMap((one) => one.ways ?? []))];
  const used = usesOf(mapping);
  const candidates = new Set(
    mapping.ignored.filter(({ candidate }) => candidate).map(({ column }) => column),
  );
  await door.run(async (ctx) => {
    await beforeWrite(ctx);
    await writeFile(ctx, place, {
      kind: mapping.kind,
      headersKey,
      recognised: {
        format: file.format,
        sheets: file.sheets,
        sheet: file.sheet,
        encoding: file.recognised.encoding,
        delimiter: file.recognised.delimiter,
        headerRow: file.recognised.headerRow,
        columns: headers.map((header, column) => ({
          header,
          use: used[column] ?? null,
          groupCandidate: candidates.has(column),
        })),
        namesFromAddress: mapping.namesFromAddress ?? false,
        mapping: from,
        notes: file.recognised.notes.map((note) => note.message),
        ways,
      },
      problem: problem ? message : null,
    });
  });
  if (problem) throw new UnreadableFileError({ ...problem, message });
  return mapping;
}

function chooseMapping(headers: string[], choice: FileChoice, remembered: FileChoice | undefined): Mapped {
  const { columns, kind, namesFromAddress } = { ...remembered, ...choice };
  if (columns?.length === headers.length) {
    const options = { ...(kind && { kind }), ...(namesFromAddress && { namesFromAddress }) };
    const from = choice.columns ? "chosen" : "remembered";
    return { ...applyColumnChoice(headers, columns, options), from };
  }
  const recognised = recogniseColumns(headers);
  if (!kind && !namesFromAddress) return { ...recognised, from: "recognised" };
  const mapping = {
    ...recognised.mapping,
    ...(kind && { kind }),
    ...(namesFromAddress && { namesFromAddress }),
  };
  const others = recognised.problems.filter(
    ({ code }) => code === "two_columns" || code === "duplicate_header",
  );
  return { mapping, problems: [...others, ...checkMapping(mapping)], from: "chosen" };
}

/** The mapping a file was read with. */
export function mappingOf(
  { columns, namesFromAddress }: RecognisedFile,
  kind: ImportKind | null,
): ColumnMapping {
  const headers = columns.map((column) => column.header);
  const uses = columns.map((column) => column.use);
  return applyColumnChoice(headers, uses, { ...(kind && { kind }), namesFromAddress }).mapping;
}

/** Two files with the same headers, in the same order, are the same kind of file. */
const headersKeyOf = (headers: readonly string[]) =>
  createHash("sha256")
    .update(JSON.stringify(headers.map((header) => normaliseHeader(header))))
    .digest();

async function recallMapping({ tx, tenantId }: Context, headersKey: Buffer): Promise<FileChoice | undefined> {
  const found = await tx.row<{ choice: FileChoice }>(
    "select choice from import_mappings where tenant_id = $1 and headers_key = $2",
    [tenantId, headersKey],
  );
  return found?.choice;
}

/** An import has finished: where somebody corrected the columns of its files, the next such file is read the same way. */
export const rememberMappings = ({ tx, tenantId, now }: Context, importId: string) =>
  tx.run(
    `insert into import_mappings (tenant_id, headers_key, choice, updated_at)
     select distinct on (f.headers_key) f.tenant_id, f.headers_key,
            jsonb_strip_nulls(jsonb_build_object('kind', f.kind, 'namesFromAddress', f.choice->'namesFromAddress'))
              || jsonb_build_object('columns', (select jsonb_agg(c->'use') from jsonb_array_elements(f.recognised->'columns') c)), $3
       from import_files f
      where f.tenant_id = $1 and f.import_id = $2 and f.problem is null and f.recognised->>'mapping' = 'chosen'
     on conflict (tenant_id, headers_key) do update set choice = excluded.choice, updated_at = excluded.updated_at`,
    [tenantId, importId, now],
  );

export const forgetMapping = ({ tx, tenantId }: Context, headersKey: Buffer) =>
  tx.run("delete from import_mappings where tenant_id = $1 and headers_key = $2", [tenantId, headersKey]);
