import { createHash } from "node:crypto";
import type { Door } from "#server/context.ts";
import { ImportFailure } from "./import-failure.ts";
import { chunkContext } from "./receive-upload.ts";
import { type FileRecord, readChunk } from "./store.ts";

export type Upload = { importId: string; fileNo: number } & Pick<FileRecord, "bytes" | "sha256">;

/**
 * An uploaded file, piece by piece: memory stays flat however large it is. Throws where it is not, to the last byte, what
 * was uploaded: a piece that is gone must not pass for the end of the file.
 */
export async function* readUpload(
  door: Door,
  { importId, fileNo, bytes, sha256 }: Upload,
): AsyncGenerator<Buffer> {
  const hash = createHash("sha256");
  let left = bytes;
  for (let chunkNo = 0; left > 0; chunkNo += 1) {
    const chunk = { importId, fileNo, chunkNo };
    const sealed = await door.run((ctx) => readChunk(ctx, chunk));
    if (!sealed) throw damaged();
    const piece = door.instance.secrets.open(sealed, chunkContext(door.tenantId, chunk));
    hash.update(piece);
    left -= piece.byteLength;
    if (left <= 0 && (left < 0 || !hash.digest().equals(sha256))) throw damaged();
    yield piece;
  }
}

const damaged = () =>
  new ImportFailure("A piece of the uploaded file is missing. Nothing was imported. Choose the file again.");
