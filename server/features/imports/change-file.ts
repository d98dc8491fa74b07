import type { z } from "zod";
import type { Context } from "#server/context.ts";
import { notFound, ProblemError } from "#server/platform/errors.ts";
import { record } from "../audit/record.ts";
import type { changeImportFile as contract } from "./contract.ts";
import { lockChecked } from "./decide-import.ts";
import { forgetMapping } from "./map-file.ts";
import { forgetEdits } from "./planning/row-edits.ts";
import { presentImport } from "./present-import.ts";
import { encodings } from "./reading/types.ts";
import { type FileChoice, type FilePlace, listFiles, writeChoice, writeImport } from "./store.ts";
import { wakeImports } from "./wake-imports.ts";

type Change = z.output<typeof contract.body>;

/**
 * Corrects how a file is read. All files are then read and checked again; what was typed into rows stays, except where
 * another sheet is chosen: its rows are others.
 */
export async function changeFile(ctx: Context, place: FilePlace, change: Change) {
  const { importId, fileNo } = place;
  await lockChecked(ctx, importId);
  const file = (await listFiles(ctx, [importId])).find((one) => one.file_no === fileNo);
  if (!file) throw notFound("file");
  requireKnownEncoding(change.encoding);
  const { columns, ...rest } = change;
  const choice: FileChoice = { ...file.choice, ...defined(rest) };
  if (columns === null) {
    if (file.headers_key) await forgetMapping(ctx, file.headers_key);
    for (const chosen of ["columns", "kind", "namesFromAddress"] as const) delete choice[chosen];
  } else if (columns) choice.columns = columns;
  // Read otherwise, the columns are others.
  if (columns === undefined && (change.encoding || change.delimiter || change.headerRow || change.sheet))
    delete choice.columns;
  if (change.sheet !== undefined && change.sheet !== file.recognised?.sheet) await forgetEdits(ctx, place);
  await writeChoice(ctx, place, choice);
  await writeImport(ctx, importId, { state: "checking", drift: null });
  await wakeImports(ctx, "check");
  await record(ctx, {
    action: "import.file_read_otherwise",
    target: { kind: "import", id: importId },
    fields: Object.keys(defined(change)),
    details: { file: fileNo },
  });
  return presentImport(ctx, importId);
}

const defined = <T extends object>(values: T) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

function requireKnownEncoding(encoding: string | undefined) {
  if (encoding === undefined || (encodings as readonly string[]).includes(encoding)) return;
  throw new ProblemError(
    422,
    "import.unknown_encoding",
    `Muster reads ${encodings.join(", ")}. Choose one of these.`,
  );
}
