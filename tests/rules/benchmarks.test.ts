import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { describeResults } from "../../benchmarks/support/describe-results.ts";
import { findBenchmarks } from "../../benchmarks/support/find-benchmarks.ts";
import { readResults } from "../../benchmarks/support/results.ts";

const root = resolve(import.meta.dirname, "../..");
const page = join(root, "docs/benchmarks.md");
const measured = /(?<=<!-- results -->\n)[\s\S]*(?=<!-- \/results -->)/;

test("every benchmark says what it measures and what it is held to", async () => {
  const benchmarks = [...(await findBenchmarks())];
  expect(benchmarks.length).toBeGreaterThan(0);
  const unclear = benchmarks.filter(
    ([, { about, bars, usual }]) => !about || !bars || Object.keys(bars).length === 0 || !usual,
  );
  expect(unclear.map(([name]) => name)).toEqual([]);
});

test("docs/benchmarks.md explains every figure", async () => {
  const figures = [...(await findBenchmarks()).values()].flatMap(({ bars }) => Object.keys(bars));
  const explained = readFileSync(page, "utf8").replace(measured, "");
  expect(figures.filter((figure) => !explained.includes(`\`${figure}\``))).toEqual([]);
});

test("every result is of a figure that is still measured, held to today's bar", async () => {
  const bars = Object.assign({}, ...[...(await findBenchmarks()).values()].map((one) => one.bars));
  const kept = readResults().flatMap(({ figures }) => figures);
  expect(kept.filter(({ figure, bar }) => bars[figure] !== bar).map(({ figure }) => figure)).toEqual([]);
});

test("docs/benchmarks.md shows the results; UPDATE_DOCS=1 writes them anew", () => {
  const before = readFileSync(page, "utf8");
  const described = describeResults(readResults());
  if (process.env.UPDATE_DOCS)
    writeFileSync(
      page,
      before.replace(measured, () => described),
    );
  expect(measured.exec(readFileSync(page, "utf8"))?.[0]).toBe(described);
});
