import { lstatSync, readFileSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";

type Link = { source: string; target: string };

/**
 * Makes the links between library names that an npm package cannot carry. Its install script does the same, but
 * install scripts may be off. False: some are missing and cannot be made here.
 */
export function linkLibraries(binariesDir: string): boolean {
  const links = JSON.parse(readFileSync(join(binariesDir, "pg-symlinks.json"), "utf8")) as Link[];
  return links.every((link) => {
    const path = join(dirname(binariesDir), link.target);
    if (dirname(link.source) !== dirname(link.target)) throw new Error(`unexpected link ${link.target}`);
    return exists(path) || makeLink(basename(link.source), path);
  });
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function makeLink(source: string, path: string): boolean {
  try {
    symlinkSync(source, path);
    return true;
  } catch {
    return exists(path); // another start was quicker
  }
}
