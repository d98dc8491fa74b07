import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildWeb } from "./build-web.mjs";
import { ensureInstalled } from "./ensure-installed.mjs";
import { findChromium } from "./find-chromium.mjs";
import { root } from "./node-24.mjs";
import { runNode } from "./run-child.mjs";
import { runMain } from "./run-main.mjs";

// `npm test`: arguments go to Vitest. The file named by MUSTER_TEST_SUMMARY gets "passed failed", for .ci/run.
await runMain(async () => {
  const node = await ensureInstalled();
  const env = { ...process.env, CHROMIUM_PATH: await findChromium() };
  await buildWeb(node);
  const folder = mkdtempSync(join(tmpdir(), "muster-results-"));
  try {
    return await runVitest(node, env, join(folder, "results.json"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

async function runVitest(node, env, results) {
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${results}`];
  const args = [vitest, "run", ...reporters, ...process.argv.slice(2)];
  const code = await runNode(node, args, { cwd: root, env });
  const { passed, failed } = count(results);
  const { MUSTER_TEST_SUMMARY: summary } = process.env;
  if (summary) writeFileSync(summary, `${passed} ${code !== 0 ? Math.max(1, failed) : failed}\n`);
  return code;
}

/** A file that could not even be loaded holds no test, and counts as one that failed. */
function count(results) {
  if (!existsSync(results)) return { passed: 0, failed: 0 };
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(results, "utf8"));
  const broken = testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  return { passed: numPassedTests, failed: numFailedTests + broken.length };
}
