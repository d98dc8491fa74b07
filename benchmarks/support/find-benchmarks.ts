import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Benchmark } from "./figure.ts";

const folder = join(import.meta.dirname, "..");

/** Every script of `benchmarks/` by its name: `import.apply`. */
export async function findBenchmarks(): Promise<Map<string, Benchmark>> {
  const names = readdirSync(folder)
    .filter((file) => /^[a-z]+\.[a-z_.]+\.ts$/.test(file))
    .map((file) => file.replace(/\.ts$/, ""))
    .sort();
  const found = new Map<string, Benchmark>();
  for (const name of names) found.set(name, (await import(join(folder, `${name}.ts`))) as Benchmark);
  return found;
}
