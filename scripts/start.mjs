import { join } from "node:path";
import { buildWeb } from "./build-web.mjs";
import { ensureInstalled } from "./ensure-installed.mjs";
import { compileCache, root, serverFlags } from "./node-24.mjs";
import { runNode } from "./run-child.mjs";
import { runMain } from "./run-main.mjs";

// `npm start`: whatever is missing first, then the server, which says the rest itself.
await runMain(async () => {
  const node = await ensureInstalled();
  await buildWeb(node);
  const env = { ...compileCache, ...process.env };
  return runNode(node, [...serverFlags, join(root, "server", "main.ts"), ...process.argv.slice(2)], { env });
});
