import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { musterProcess } from "#tests/support/muster-process.ts";
import type { MusterProcess } from "#tests/support/run-muster.ts";
import { until } from "#tests/support/until.ts";

let folder: string;
let muster: MusterProcess;
const path = (name: string) => join(folder, name);

/** Loaded by every thread of the server: that of the background jobs fails, in a way nobody catches, once a file is there. */
const failing = (trigger: string) => `
  import { existsSync } from "node:fs";
  import { workerData } from "node:worker_threads";
  if (workerData?.urls) setInterval(() => {
    if (existsSync(${JSON.stringify(trigger)})) throw new Error("failed on purpose");
  }, 20).unref();`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "muster-thread-"));
  writeFileSync(path("failing.mjs"), failing(path("now")));
  muster = await musterProcess({ NODE_OPTIONS: `--import ${path("failing.mjs")}` });
});
afterAll(async () => {
  await muster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("a server whose background jobs have failed for good ends and says why, instead of going on without them", async () => {
  expect((await fetch(`${muster.address}/api/health`)).status).toBe(200);
  writeFileSync(path("now"), "");
  await until(
    () =>
      fetch(`${muster.address}/api/health`).then(
        () => false,
        () => true,
      ),
    "the server to end",
  );
  expect(muster.complaints()).toContain("failed on purpose");
});
