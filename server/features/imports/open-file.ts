import type { Door } from "#server/context.ts";
import { readUpload, type Upload } from "./read-upload.ts";
import { isWorkbook, openWorkbook } from "./reading/open-workbook.ts";
import { headBytes, recogniseFile } from "./reading/recognise-file.ts";
import type { Encoding, RecogniseChoice, Recognised } from "./reading/types.ts";
import { UnreadableFileError } from "./reading/unreadable-file-error.ts";
import type { FileChoice } from "./store.ts";

/** A table, whatever kind of file it came in: its text piece by piece, and how that is to be read. */
export type ReadableFile = {
  format: "csv" | "xlsx";
  sheets: string[];
  sheet: string | null;
  recognised: Recognised;
  chunks(): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
};

/** Opens an uploaded file; throws `UnreadableFileError` where it is no table. `signal` ends the reading of a workbook. */
export async function openFile(
  door: Door,
  place: Upload,
  { choice, signal }: { choice: FileChoice; signal: AbortSignal },
): Promise<ReadableFile> {
  const head = await headOf(readUpload(door, place));
  if (!isWorkbook(head)) {
    const recognised = recognise(head, {
      ...(choice.encoding && { encoding: choice.encoding as Encoding }),
      ...(choice.delimiter && { delimiter: choice.delimiter as Recognised["delimiter"] }),
      ...(choice.headerRow && { headerRow: choice.headerRow }),
    });
    const chunks = () => readUpload(door, place);
    return { format: "csv", sheets: [], sheet: null, recognised, chunks, close: async () => {} };
  }
  const { sheets, sheet, rows, close } = await openWorkbook(readUpload(door, place), {
    signal,
    ...(choice.sheet && { sheet: choice.sheet }),
  });
  try {
    const recognised = recognise(await headOf(rows()), {
      encoding: "utf-8",
      delimiter: ",",
      ...(choice.headerRow && { headerRow: choice.headerRow }),
    });
    return { format: "xlsx", sheets, sheet, recognised, chunks: rows, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function recognise(head: Uint8Array, choice: RecogniseChoice): Recognised {
  const result = recogniseFile(head, choice);
  if (!result.ok) throw new UnreadableFileError(result.problem);
  return result.recognised;
}

async function headOf(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    pieces.push(chunk);
    size += chunk.byteLength;
    if (size >= headBytes) break;
  }
  return Buffer.concat(pieces).subarray(0, headBytes);
}
