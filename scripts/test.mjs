import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { constants, getPriority, setPriority } from "node:os";
import { join } from "node:path";
import { buildWeb } from "./build-web.mjs";
import { ensureInstalled } from "./ensure-installed.mjs";
import { findChromium } from "./find-chromium.mjs";
import { compileCache, root } from "./node-24.mjs";
import { runNode } from "./run-child.mjs";
import { runMain } from "./run-main.mjs";

// `npm test`: arguments go to Vitest. The file named by MUSTER_TEST_SUMMARY gets "passed failed", for .ci/run.
await runMain(async () => {
  const node = await ensureInstalled();
  const env = { ...compileCache, ...process.env, CHROMIUM_PATH: await findChromium() };
  await buildWeb(node);
  // As Muster's own background work does: it would otherwise wait for the tests that wait for it.
  const { PRIORITY_BELOW_NORMAL: behind } = constants.priority;
  if (getPriority() < behind) setPriority(behind);
  const { MUSTER_TEST_SUMMARY: summary } = process.env;
  return summary ? testAndCount(node, env, summary) : runVitest(node, env, []);
});

function runVitest(node, env, reporters) {
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  return runNode(node, [vitest, "run", ...reporters, ...process.argv.slice(2)], { cwd: root, env });
}

async function testAndCount(node, env, summary) {
  const results = `${summary}.json`;
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${results}`];
  const code = await runVitest(node, env, reporters);
  const { passed, failed } = count(results);
  writeFileSync(summary, `${passed} ${code !== 0 ? Math.max(1, failed) : failed}\n`);
  rmSync(results, { force: true });
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
