import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

export type NpmFolder = {
  path: string;
  /** Imports a module of what was installed. */
  load<Module>(specifier: string): Promise<Module>;
};

/** Somebody else's programs, installed from npm into a folder of their own that is gone afterwards. Their install scripts do not run. */
export async function withNpmFolder<T>(packages: readonly string[], work: (folder: NpmFolder) => Promise<T>) {
  const path = mkdtempSync(join(tmpdir(), "muster-bench-npm-"));
  try {
    writeFileSync(join(path, "package.json"), JSON.stringify({ private: true }));
    const options = [
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--no-package-lock",
      "--prefer-offline",
      "--loglevel=error",
    ];
    execFileSync("npm", ["install", ...options, ...packages], {
      cwd: path,
      env: bareEnvironment(),
      stdio: "pipe",
    });
    const { resolve } = createRequire(join(path, "package.json"));
    return await work({ path, load: (specifier) => import(pathToFileURL(resolve(specifier)).href) });
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

/** Ours, on the same Node, without what npm tells those it runs: it would be taken for options. */
export function bareEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  return {
    ...(Object.fromEntries(kept) as Record<string, string>),
    PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
  };
}
