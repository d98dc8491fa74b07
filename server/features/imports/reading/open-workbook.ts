import { Worker } from "node:worker_threads";
import { nameOtherFormat } from "./file/name-other-format.ts";
import type { FileProblem } from "./types.ts";
import { UnreadableFileError } from "./unreadable-file-error.ts";
import type { Answer, Request } from "./xlsx/messages.ts";

/** A workbook is taken apart in memory: larger ones than this are to be saved as CSV, which is read piece by piece. */
const mostMib = 64;
/** What the thread that takes it apart may use beside its bytes: mostly the texts of the cells. */
const threadMib = 512;

/** Every Office file begins like a zip archive; what is certainly another kind of file is refused by its own name. */
export function isWorkbook(head: Uint8Array): boolean {
  const format = nameOtherFormat(head);
  return format !== undefined && /Excel workbook \(\.xlsx\)|a zip archive/.test(format);
}

export type OpenWorkbook = {
  /** The sheets that can be seen, in their order. */
  sheets: string[];
  /** The one that is read: the chosen one, or the first with something in it. */
  sheet: string;
  /** Its rows as CSV (UTF-8, commas, CRLF), a line for each row of the sheet, blank ones too: row numbers stay true. */
  rows(): AsyncGenerator<Uint8Array>;
  close(): Promise<void>;
};

/**
 * Opens an Excel workbook in a thread of its own, so that a hostile or a large one holds nobody else up. `signal` ends the
 * thread in the middle of its work, and whoever waits for it gets the reason.
 */
export async function openWorkbook(
  chunks: AsyncIterable<Uint8Array>,
  { sheet, signal }: { sheet?: string; signal?: AbortSignal } = {},
): Promise<OpenWorkbook> {
  const bytes = await allOf(chunks);
  signal?.throwIfAborted();
  const thread = startThread(bytes, signal);
  try {
    const opened = await thread.ask({ what: "open", ...(sheet === undefined ? {} : { sheet }) });
    if (opened.what !== "opened") throw new Error("The thread answered something else.");
    return { sheets: opened.sheets, sheet: opened.sheet, rows: () => rowsOf(thread), close: thread.close };
  } catch (error) {
    await thread.close();
    throw error;
  }
}

/** Piece by piece: the thread makes the next one only when it is asked for. */
async function* rowsOf(thread: Thread): AsyncGenerator<Uint8Array> {
  for (let answer = await thread.ask({ what: "rows" }); ; answer = await thread.ask({ what: "more" })) {
    if (answer.what !== "piece") return;
    yield answer.piece;
  }
}

type Thread = ReturnType<typeof startThread>;

function startThread(bytes: Uint8Array<ArrayBuffer>, signal?: AbortSignal) {
  const worker = new Worker(new URL("./xlsx/worker.ts", import.meta.url), {
    workerData: bytes,
    transferList: [bytes.buffer],
    resourceLimits: { maxOldGenerationSizeMb: threadMib },
  });
  let waiting: { resolve(answer: Answer): void; reject(error: unknown): void } | undefined;
  const fail = (error: unknown) => waiting?.reject(error);
  worker.on("message", (answer: Answer) =>
    answer.what === "unreadable" ? fail(new UnreadableFileError(answer.problem)) : waiting?.resolve(answer),
  );
  worker.on("error", (error: Error & { code?: string }) =>
    fail(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? new UnreadableFileError(tooMuch) : error),
  );
  worker.on("exit", () => fail(new Error("The thread that reads workbooks ended.")));
  const interrupt = () => {
    fail(signal?.reason);
    void worker.terminate();
  };
  signal?.addEventListener("abort", interrupt, { once: true });
  // It keeps no process alive that wants to end.
  worker.unref();
  return {
    ask: (request: Request) =>
      new Promise<Answer>((resolve, reject) => {
        signal?.throwIfAborted();
        waiting = { resolve, reject };
        worker.ref();
        worker.postMessage(request);
      }).finally(() => worker.unref()),
    close: async () => {
      signal?.removeEventListener("abort", interrupt);
      await worker.terminate();
    },
  };
}

const tooMuch: FileProblem = {
  code: "workbook_too_large",
  message:
    "This workbook holds more text than can be read at once. Save the sheet as CSV UTF-8 and choose that file.",
};

async function allOf(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of chunks) {
    size += piece.byteLength;
    if (size > mostMib * 1024 * 1024)
      throw new UnreadableFileError({
        code: "workbook_too_large",
        message: `A workbook may have at most ${mostMib} MiB. Save the sheet as CSV UTF-8 and choose that file.`,
      });
    pieces.push(piece);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.byteLength;
  }
  return all;
}
