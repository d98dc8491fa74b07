import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { describeOptions } from "#server/platform/config/describe-options.ts";

const page = resolve(import.meta.dirname, "../../docs/configuration.md");

test("docs/configuration.md is the table of options; UPDATE_DOCS=1 writes it anew", () => {
  const described = describeOptions();
  if (process.env.UPDATE_DOCS) writeFileSync(page, described);
  expect(readFileSync(page, "utf8")).toBe(described);
});
