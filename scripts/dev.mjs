import { join } from "node:path";
import { ensureInstalled } from "./ensure-installed.mjs";
import { root, serverFlags } from "./node-24.mjs";
import { runChildren } from "./run-child.mjs";
import { runMain } from "./run-main.mjs";

// `npm run dev`: the server, started anew at every change, and Vite in front of it. Ctrl-C stops both.
await runMain(async () => {
  const node = await ensureInstalled();
  const server = [
    node,
    ...serverFlags,
    "--watch",
    "--watch-preserve-output",
    join(root, "server", "main.ts"),
    ...process.argv.slice(2),
  ];
  // What the server prints and mails leads to where the portal is served from.
  process.env.PUBLIC_URL ??= "http://localhost:5173";
  const vite = [node, join(root, "node_modules", "vite", "bin", "vite.js"), join(root, "web")];
  return runChildren([server, vite], { cwd: root });
});
