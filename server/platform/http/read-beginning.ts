import type { Readable } from "node:stream";

/** The beginning of what was sent, and how much there was in all. */
export type Bytes = { head: Buffer; size: number };

/** Reads all of a stream and keeps its beginning: however large it is, it takes no more memory than that. */
export async function readBeginning(stream: Readable, kept: number): Promise<Bytes> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream as AsyncIterable<Buffer>) {
    if (size < kept) parts.push(part.subarray(0, kept - size));
    size += part.length;
  }
  return { head: Buffer.concat(parts), size };
}
