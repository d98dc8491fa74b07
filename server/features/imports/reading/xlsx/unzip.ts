import type { Readable } from "node:stream";
import yauzl from "yauzl";
import { UnreadableFileError } from "../unreadable-file-error.ts";

/** The parts of a workbook by their path. */
export type Archive = Map<string, { size: number; open(): Promise<Readable> }>;

/** A million rows take about this much; what claims more, or grows to more, is no list of people. */
const mostInflated = 2 * 1024 * 1024 * 1024;
const mostParts = 10_000;

/** The parts of a zip archive in memory. Sizes are checked while they inflate, whatever the archive says of them. */
export function unzip(bytes: Buffer): Promise<Archive> {
  const archive: Archive = new Map();
  let inflated = 0;
  return new Promise((resolve, reject) => {
    yauzl.fromBuffer(bytes, { lazyEntries: true, validateEntrySizes: true }, (error, zip) => {
      if (error) return reject(damaged());
      if (zip.entryCount > mostParts) return reject(damaged());
      zip.on("error", () => reject(damaged()));
      zip.on("end", () => resolve(archive));
      zip.on("entry", (entry: yauzl.Entry) => {
        inflated += entry.uncompressedSize;
        if (entry.isEncrypted()) return reject(encrypted());
        if (inflated > mostInflated) return reject(tooLarge());
        // The same path twice: which one counts is a matter of taste, and of tricks.
        if (archive.has(entry.fileName)) return reject(damaged());
        const open = () =>
          new Promise<Readable>((opened, failed) =>
            zip.openReadStream(entry, (trouble, stream) => (trouble ? failed(damaged()) : opened(stream))),
          );
        archive.set(entry.fileName, { size: entry.uncompressedSize, open });
        zip.readEntry();
      });
      zip.readEntry();
    });
  });
}

export const damaged = () =>
  new UnreadableFileError({
    code: "workbook_damaged",
    message:
      "This workbook is damaged or incomplete. Open it in a spreadsheet, save it again or as CSV UTF-8, and choose that file.",
  });
const encrypted = () =>
  new UnreadableFileError({
    code: "workbook_encrypted",
    message:
      "This file is protected by a password. Save it without one, or as CSV UTF-8, and choose that file.",
  });
export const tooLarge = () =>
  new UnreadableFileError({
    code: "workbook_too_large",
    message:
      "This workbook unpacks to more than can be a list of people. Save the sheet as CSV UTF-8 and choose that file.",
  });
