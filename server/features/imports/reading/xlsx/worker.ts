import { parentPort, workerData } from "node:worker_threads";
import { UnreadableFileError } from "../unreadable-file-error.ts";
import type { Answer, Request } from "./messages.ts";
import { csvOf, openParts, type Parts } from "./workbook.ts";

/** The thread that takes a workbook apart. It does nothing unless it is asked. */
let parts: Parts | undefined;
let pieces: AsyncGenerator<Uint8Array> | undefined;

async function answer(request: Request): Promise<Answer> {
  if (request.what === "open") {
    parts = await openParts(Buffer.from(workerData as Uint8Array), request.sheet);
    return { what: "opened", sheets: parts.sheets.map((sheet) => sheet.name), sheet: parts.sheet.name };
  }
  if (!parts) throw new Error("Open the workbook first.");
  if (request.what === "rows") {
    await pieces?.return(undefined);
    pieces = csvOf(parts);
  }
  const next = await pieces?.next();
  return next && !next.done ? { what: "piece", piece: next.value } : { what: "end" };
}

parentPort?.on("message", (request: Request) => {
  answer(request).then(
    (said) => parentPort?.postMessage(said),
    (error: unknown) => {
      if (!(error instanceof UnreadableFileError)) throw error;
      parentPort?.postMessage({ what: "unreadable", problem: error.problem } satisfies Answer);
    },
  );
});
