import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { rowsOf } from "#tests/support/import-file.ts";

const folder = createRequire(import.meta.url).resolve("csv-spectrum/package.json");
const file = (path: string) => readFileSync(new URL(path, `file://${folder}`));

type Case = Record<string, string>;

// The cases that parsers of CSV are measured with, https://github.com/max-mapper/csv-spectrum.
test.each([
  "comma_in_quotes",
  "empty",
  "empty_crlf",
  "escaped_quotes",
  "json",
  "location_coordinates",
  "newlines",
  "newlines_crlf",
  "quotes_and_newlines",
  "simple",
  "simple_crlf",
  "utf8",
])("csv-spectrum's %s", async (name) => {
  const csv = file(`csvs/${name}.csv`);
  const text = file(`json/${name}.json`).toString();
  // Of this one case the published answer has another telephone number than the file.
  const expected = JSON.parse(text.replace("1234567890", "2095257564")) as Case | Case[];
  const rows = await rowsOf(csv);
  expect(rows.filter(({ problem }) => problem)).toEqual([]);
  expect(rows.map(({ cells }) => cells)).toEqual([expected].flat().map((row) => Object.values(row)));
});
