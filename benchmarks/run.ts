import { readdirSync } from "node:fs";
import { parseArgs } from "node:util";

export type Figure = {
  figure: string;
  /** Time over the limit's time (less is better); for `….share` the share of the limit reached (more is better). */
  ratio: number;
  bar: number;
  ours_s: number;
  limit_s: number;
  settings: Record<string, unknown>;
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean" }, rows: { type: "string" }, runs: { type: "string" } },
});
const names = readdirSync(import.meta.dirname)
  .filter((file) => /^[a-z]+\.[a-z_.]+\.ts$/.test(file))
  .map((file) => file.replace(/\.ts$/, ""));
const [name] = positionals;

if (!name || !names.includes(name)) {
  process.stdout.write(
    `${name ? `There is no benchmark ${name}. ` : ""}Say which: npm run bench -- NAME [--rows N] [--runs N] [--json]\n`,
  );
  for (const known of names) process.stdout.write(`  ${known}\n`);
  process.exit(name ? 2 : 0);
}

const { measure } = (await import(`./${name}.ts`)) as {
  measure(options: { rows: number; runs: number }): Promise<Figure[]>;
};
for (const figure of await measure({
  rows: Number(values.rows ?? 100_000),
  runs: Number(values.runs ?? 5),
})) {
  const line = values.json
    ? JSON.stringify(figure)
    : `${figure.figure}  ${figure.ratio.toFixed(2)} (bar ${figure.bar})  ours ${figure.ours_s.toFixed(2)} s, limit ${figure.limit_s.toFixed(2)} s  ${JSON.stringify(figure.settings)}`;
  process.stdout.write(`${line}\n`);
}
