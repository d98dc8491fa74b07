import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/architecture.md"), "utf8");

/** As deep as the tree goes: `server/features/imports`. What is below belongs to that folder alone. */
const depth = 3;
/** Not ours, or made by running Muster. Folders whose name begins with a dot are tools'. */
const ignored = new Set(["node_modules", "data", "test-results", "web/dist", "benchmarks/results"]);

/** Every folder of the page's tree, as a path: two spaces deeper is one folder deeper. */
function foldersOnThePage(): string[] {
  const tree = /^```\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? "";
  const above: string[] = [];
  return tree
    .trimEnd()
    .split("\n")
    .map((line) => {
      const [, indent = "", name] = /^((?: {2})*)([\w-]+)\/ +\S/.exec(line) ?? [];
      if (!name) throw new Error(`This line of the tree is no folder with a description: ${line}`);
      above.length = indent.length / 2;
      above.push(name);
      return above.join("/");
    });
}

type Folder = { path: string; empty: boolean };

function foldersOnDisk(parent = ""): Folder[] {
  return readdirSync(join(root, parent), { withFileTypes: true }).flatMap((entry) => {
    const path = parent ? `${parent}/${entry.name}` : entry.name;
    if (!entry.isDirectory() || entry.name.startsWith(".") || ignored.has(path)) return [];
    const below = path.split("/").length < depth ? foldersOnDisk(path) : [];
    const empty = globSync("**/*", { cwd: join(root, path), withFileTypes: true }).every(
      (found) => !found.isFile(),
    );
    return [{ path, empty }, ...below];
  });
}

test("the tree in docs/architecture.md is the tree on disk", () => {
  const described = foldersOnThePage();
  const there = foldersOnDisk();
  expect(new Set(described).size).toBe(described.length);
  expect(described.filter((path) => !there.some((folder) => folder.path === path))).toEqual([]);
  // An empty folder is nobody's yet, and git does not keep it.
  const filled = there.filter((folder) => !folder.empty).map((folder) => folder.path);
  expect(filled.filter((path) => !described.includes(path))).toEqual([]);
});

test("the order of features on the page names every feature once", () => {
  const order = /^\w[\w-]*(?: · [\w-]+)+$/m.exec(page)?.[0].split(" · ") ?? [];
  const features = readdirSync(join(root, "server/features"));
  expect([...order].sort()).toEqual(features.sort());
});

test("every file the page names is there", () => {
  const named = [...page.matchAll(/`([\w./-]+\/[\w.-]+\.(?:ts|tsx|mjs|sql|md))`/g)].map(
    ([, path = ""]) => path,
  );
  expect(named.length).toBeGreaterThan(20);
  // Files of a feature are named from server/features on.
  expect(
    named.filter((path) => !["", "server/features"].some((from) => existsSync(join(root, from, path)))),
  ).toEqual([]);
});
