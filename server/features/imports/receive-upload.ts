import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { v7 as uuid } from "uuid";
import type { Door } from "#server/context.ts";
import { ProblemError } from "#server/platform/errors.ts";
import type { UploadedFile } from "#server/route.ts";
import { record } from "../audit/record.ts";
import { presentImport } from "./present-import.ts";
import { insertChunk, insertFile, insertImport, readImport, wipeUpload, writeImport } from "./store.ts";

const chunkBytes = 1024 * 1024;
const mostFiles = 20;

/** What a piece of an uploaded file is sealed for. */
export const chunkContext = (
  tenantId: string,
  { importId, fileNo, chunkNo }: { importId: string; fileNo: number; chunkNo: number },
) => `upload:${tenantId}:${importId}:${fileNo}:${chunkNo}`;

/**
 * Takes in the files of an import as they arrive, in sealed pieces, and has them checked. Any process can read them again.
 * An upload that breaks off leaves nothing behind.
 */
export async function receiveUpload(door: Door, files: AsyncIterable<UploadedFile>) {
  if (door.actor.kind !== "user") throw new Error("An import is somebody's.");
  const createdBy = door.actor.id;
  const importId = uuid();
  await door.run((ctx) => insertImport(ctx, importId, createdBy));
  try {
    let fileNo = 0;
    for await (const file of files) {
      fileNo += 1;
      if (fileNo > mostFiles) throw tooManyFiles();
      await receiveFile(door, { importId, fileNo }, file);
    }
    if (fileNo === 0) throw noFile();
  } catch (error) {
    await door.run((ctx) => discard(ctx, importId));
    throw error;
  }
  return door.run(async (ctx) => {
    await writeImport(ctx, importId, { state: "checking" });
    await ctx.enqueue(
      "imports.check",
      { tenantId: ctx.tenantId, importId },
      { key: `imports.check:${importId}` },
    );
    await record(ctx, { action: "import.uploaded", target: { kind: "import", id: importId } });
    return presentImport(ctx, importId);
  });
}

async function receiveFile(
  door: Door,
  place: { importId: string; fileNo: number },
  { name, content }: UploadedFile,
) {
  const hash = createHash("sha256");
  let bytes = 0;
  let chunkNo = 0;
  for await (const piece of piecesOf(content)) {
    hash.update(piece);
    bytes += piece.length;
    const chunk = { ...place, chunkNo };
    const sealed = door.instance.secrets.seal(piece, chunkContext(door.tenantId, chunk));
    await door.run((ctx) => insertChunk(ctx, chunk, sealed));
    chunkNo += 1;
  }
  if ("truncated" in content && content.truncated) throw tooLarge(name, door.instance.config.importMaxBytes);
  const cleanName = name.replace(/[\p{Cc}/\\]/gu, "_").slice(0, 200) || "file.csv";
  await door.run((ctx) => insertFile(ctx, { ...place, name: cleanName, bytes, sha256: hash.digest() }));
}

/** The stream in pieces of 1 MiB, the last one shorter. */
async function* piecesOf(content: Readable): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let size = 0;
  for await (const part of content as AsyncIterable<Buffer>) {
    waiting.push(part);
    size += part.length;
    while (size >= chunkBytes) {
      const all = Buffer.concat(waiting);
      yield all.subarray(0, chunkBytes);
      waiting = [all.subarray(chunkBytes)];
      size -= chunkBytes;
    }
  }
  if (size > 0) yield Buffer.concat(waiting);
}

async function discard(ctx: Parameters<typeof wipeUpload>[0], importId: string) {
  await wipeUpload(ctx, importId);
  if (await readImport(ctx, importId, "lock")) {
    await writeImport(ctx, importId, {
      state: "cancelled",
      problem: "The upload was not completed.",
      finishedAt: ctx.now,
    });
  }
}

const noFile = () => new ProblemError(400, "import.no_file", "Choose a file first. Nothing was imported.");
const tooManyFiles = () =>
  new ProblemError(
    400,
    "import.too_many_files",
    `An import takes at most ${mostFiles} files. Nothing was imported.`,
  );
const tooLarge = (name: string, most: number) =>
  new ProblemError(
    413,
    "import.file_too_large",
    `${name} is larger than ${most / 1024 / 1024} MiB. Split it into several files. Nothing was imported.`,
  );
