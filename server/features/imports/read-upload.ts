import type { Door } from "#server/context.ts";
import { chunkContext } from "./receive-upload.ts";
import { readChunk } from "./store.ts";

/** An uploaded file, piece by piece: memory stays flat however large it is. Ends where the upload ends. */
export async function* readUpload(
  door: Door,
  file: { importId: string; fileNo: number },
): AsyncGenerator<Buffer> {
  for (let chunkNo = 0; ; chunkNo += 1) {
    const chunk = { ...file, chunkNo };
    const sealed = await door.run((ctx) => readChunk(ctx, chunk));
    if (!sealed) return;
    yield door.instance.secrets.open(sealed, chunkContext(door.tenantId, chunk));
  }
}
