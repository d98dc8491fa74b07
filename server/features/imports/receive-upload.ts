import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { v7 as uuid } from "uuid";
import type { Context, Door } from "#server/context.ts";
import type { UploadedFile } from "#server/route.ts";
import { record } from "../audit/record.ts";
import { requireImportLeft } from "../tenants/limits.ts";
import { presentImport } from "./present-import.ts";
import {
  countImportsOfADay,
  countOpenImports,
  insertChunk,
  insertFile,
  insertImport,
  readImport,
  wipeUpload,
  writeImport,
} from "./store.ts";
import {
  givenUp,
  mostFiles,
  mostOpen,
  noFile,
  tooLarge,
  tooLargeTogether,
  tooManyFiles,
  tooManyOpen,
  uploadProblem,
} from "./upload-limits.ts";
import { wakeImports } from "./wake-imports.ts";

const chunkBytes = 1024 * 1024;

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
  const createdBy = door.actor.kind === "user" ? door.actor.id : null;
  const importId = uuid();
  await door.run((ctx) => openImport(ctx, importId, createdBy));
  try {
    await receiveFiles(door, importId, files);
    return await door.run((ctx) => beginCheck(ctx, importId));
  } catch (error) {
    // Where even that fails, as on a full disk, the sweep does it later: what is told is why the upload failed.
    await door
      .run((ctx) => discard(ctx, importId))
      .catch((err: unknown) => door.log.warn({ err, importId }, "a broken upload is not removed yet"));
    throw uploadProblem(error);
  }
}

async function openImport(ctx: Context, importId: string, createdBy: string | null) {
  if ((await countOpenImports(ctx)) >= mostOpen) throw tooManyOpen();
  await requireImportLeft(ctx, () => countImportsOfADay(ctx));
  await insertImport(ctx, importId, createdBy);
}

async function receiveFiles(door: Door, importId: string, files: AsyncIterable<UploadedFile>) {
  let [fileNo, bytes] = [0, 0];
  for await (const file of files) {
    fileNo += 1;
    if (fileNo > mostFiles) throw tooManyFiles();
    bytes += await receiveFile(door, { importId, fileNo, bytesBefore: bytes }, file);
  }
  if (fileNo === 0) throw noFile();
}

async function beginCheck(ctx: Context, importId: string) {
  await touchUpload(ctx, importId);
  await writeImport(ctx, importId, { state: "checking" });
  await wakeImports(ctx, "check");
  await record(ctx, { action: "import.uploaded", target: { kind: "import", id: importId } });
  return presentImport(ctx, importId);
}

/** Still being uploaded, and not for nobody: what is not touched for hours is given up and wiped. */
async function touchUpload(ctx: Context, importId: string) {
  if ((await readImport(ctx, importId, "lock"))?.state !== "uploading") throw givenUp();
  await writeImport(ctx, importId, {});
}

type Place = { importId: string; fileNo: number; bytesBefore: number };

/** Answers how many bytes it has. */
async function receiveFile(
  door: Door,
  { importId, fileNo, bytesBefore }: Place,
  { name = "", content }: UploadedFile,
): Promise<number> {
  const most = door.instance.config.importMaxBytes;
  const hash = createHash("sha256");
  let bytes = 0;
  let chunkNo = 0;
  for await (const piece of piecesOf(content)) {
    hash.update(piece);
    bytes += piece.length;
    // Read on without keeping it: whether this file alone is too large is known at its end.
    if (bytesBefore + bytes > most) continue;
    const chunk = { importId, fileNo, chunkNo };
    const sealed = door.instance.secrets.seal(piece, chunkContext(door.tenantId, chunk));
    await door.run(async (ctx) => {
      await touchUpload(ctx, importId);
      await insertChunk(ctx, chunk, sealed);
    });
    chunkNo += 1;
  }
  const cleanName = name.replace(/[\p{Cc}/\\]/gu, "_").slice(0, 200) || "file.csv";
  if ("truncated" in content && content.truncated) throw tooLarge(cleanName, most);
  if (bytesBefore + bytes > most) throw tooLargeTogether(most);
  const file = { importId, fileNo, name: cleanName, bytes, sha256: hash.digest() };
  await door.run((ctx) => insertFile(ctx, file));
  return bytes;
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

async function discard(ctx: Context, importId: string) {
  await wipeUpload(ctx, importId);
  if ((await readImport(ctx, importId, "lock"))?.state === "uploading") {
    await writeImport(ctx, importId, {
      state: "cancelled",
      problem: "The upload was not completed.",
      finishedAt: ctx.now,
    });
  }
}
