import type { Readable } from "node:stream";
import { type SaxesAttributePlain, SaxesParser, type SaxesTagPlain } from "saxes";
import { UnreadableFileError } from "../unreadable-file-error.ts";
import { type Archive, damaged } from "./unzip.ts";

export type Tag = SaxesTagPlain;
type Handlers = {
  open?: (tag: Tag, name: string) => void;
  text?: (text: string) => void;
  close?: (name: string) => void;
};

/** One value, tag or text longer than this is an attack. */
const longestToken = 4 * 1024 * 1024;

/** `x:row` and `row` are the same to us: the workbook's own namespace has no other elements of these names. */
const localName = (name: string) => name.slice(name.indexOf(":") + 1);

/**
 * Reads an XML part as it inflates, and yields after each piece so that what was gathered can be handed on. A document type
 * is refused: nothing needs one, and entities that grow are made with it.
 */
export async function* parsePart(archive: Archive, path: string, handlers: Handlers): AsyncGenerator<void> {
  const part = archive.get(path);
  if (!part) throw damaged();
  const parser = new SaxesParser({ xmlns: false });
  let [written, taken] = [0, 0];
  const took = () => {
    taken = written;
  };
  parser.on("doctype", () => {
    throw damaged();
  });
  parser.on("error", () => {
    throw damaged();
  });
  parser.on("opentag", (tag) => {
    took();
    handlers.open?.(tag, localName(tag.name));
  });
  parser.on("closetag", (tag) => {
    took();
    handlers.close?.(localName(tag.name));
  });
  parser.on("text", (text) => {
    took();
    handlers.text?.(text);
  });
  const decoder = new TextDecoder();
  const stream: Readable = await part.open();
  try {
    for await (const piece of stream as AsyncIterable<Buffer>) {
      written += piece.byteLength;
      parser.write(decoder.decode(piece, { stream: true }));
      if (written - taken > longestToken) throw damaged();
      yield;
    }
    parser.write(decoder.decode()).close();
    yield;
  } catch (error) {
    throw error instanceof UnreadableFileError ? error : damaged();
  } finally {
    stream.destroy();
  }
}

/** Reads a whole part of which nothing is handed on before its end. */
export async function readPart(archive: Archive, path: string, handlers: Handlers): Promise<void> {
  for await (const _ of parsePart(archive, path, handlers));
}

export const attribute = (tag: Tag, name: string): string | undefined => {
  const value = tag.attributes[name] as SaxesAttributePlain | string | undefined;
  return typeof value === "string" ? value : undefined;
};
