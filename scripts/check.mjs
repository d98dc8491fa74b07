import { join } from "node:path";
import { ensureInstalled } from "./ensure-installed.mjs";
import { root } from "./node-24.mjs";
import { runMain } from "./run-main.mjs";
import { runQuietly } from "./run-quietly.mjs";

const bin = (...path) => join(root, "node_modules", ...path);
const tsc = bin("typescript", "bin", "tsc");
const checks = [
  ["format and lint", bin("@biomejs", "biome", "bin", "biome"), "check", "--error-on-warnings"],
  ["types of server and cli", tsc, "-p", "tsconfig.server.json"],
  ["types of web", tsc, "-p", "web/tsconfig.json"],
  ["types of tests", tsc, "-p", "tsconfig.tests.json"],
  ["dead code", bin("knip", "bin", "knip.js")],
];

// `npm run check`: everything that can be said about the code without running it.
await runMain(async () => {
  const node = await ensureInstalled();
  const failed = [];
  for (const [name, ...command] of checks) {
    const { code, output } = await runQuietly(node, command, { cwd: root });
    console.log(code === 0 ? `ok      ${name}` : `FAILED  ${name}\n${output}\n`);
    if (code !== 0) failed.push(name);
  }
  if (failed.length > 0) console.log(`Failed: ${failed.join(", ")}`);
  return failed.length > 0 ? 1 : 0;
});
