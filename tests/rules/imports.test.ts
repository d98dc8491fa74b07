import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");

/** A feature imports only to its left. */
const features = [
  "audit",
  "tenants",
  "mail",
  "groups",
  "credentials",
  "users",
  "second-factors",
  "sign-in",
  "invitations",
  "messages",
  "bounces",
  "imports",
  "bulk-actions",
  "home",
];

type Import = { from: string; to: string };

/** Every import between files of the project, both as paths from its root. */
const imports: Import[] = globSync(["server/**/*.ts", "cli/**/*.ts", "web/**/*.{ts,tsx}"], { cwd: root })
  .filter((from) => !from.includes(".test.") && !from.startsWith("web/dist"))
  .flatMap((from) =>
    [...readFileSync(join(root, from), "utf8").matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].flatMap(
      ([, name = ""]) => {
        if (name.startsWith("#server/")) return { from, to: name.replace("#server/", "server/") };
        return name.startsWith(".") ? { from, to: relative(root, resolve(root, dirname(from), name)) } : [];
      },
    ),
  );

const featureOf = (path: string) => /^server\/features\/([^/]+)\//.exec(path)?.[1];
const wrong = (rule: (link: Import) => boolean) =>
  imports.filter(rule).map(({ from, to }) => `${from} → ${to}`);

test("there are imports to look at", () => {
  expect(imports.length).toBeGreaterThan(200);
});

test("every feature has its place in the order", () => {
  const there = new Set(imports.map(({ from }) => featureOf(from)).filter((name) => name !== undefined));
  expect([...there].sort()).toEqual([...features].sort());
});

test("a feature imports only from itself and from features to its left", () => {
  expect(
    wrong(({ from, to }) => {
      const [a, b] = [featureOf(from), featureOf(to)];
      return a !== undefined && b !== undefined && features.indexOf(b) > features.indexOf(a);
    }),
  ).toEqual([]);
});

test("the platform knows no feature and nothing of the product", () => {
  expect(
    wrong(({ from, to }) => from.startsWith("server/platform/") && !to.startsWith("server/platform/")),
  ).toEqual([]);
});

test("only the server's own start-up files and tests reach for features, and no feature reaches for them", () => {
  const product = /^server\/(context|route|permissions)\.ts$/;
  expect(
    wrong(
      ({ from, to }) => featureOf(from) !== undefined && /^server\/[^/]+\.ts$/.test(to) && !product.test(to),
    ),
  ).toEqual([]);
});

test("the portal takes from the server its contracts, and what they are made of", () => {
  const shared = new Set<string>();
  const queue = imports
    .filter(({ to }) => /^server\/features\/[^/]+\/contract\.ts$/.test(to))
    .map(({ to }) => to);
  queue.push(
    "server/platform/http/problem.ts",
    "server/features/tenants/accent.ts",
    "server/features/sign-in/browser-name.ts",
    "server/features/mail/kind-names.ts",
    "server/features/bulk-actions/action-words.ts",
    "server/event-words/sentences.ts",
  );
  while (queue.length > 0) {
    const path = queue.pop() as string;
    if (shared.has(path)) continue;
    shared.add(path);
    queue.push(...imports.filter(({ from }) => from === path).map(({ to }) => to));
  }
  for (const path of shared) {
    expect(readFileSync(join(root, path), "utf8"), path).not.toMatch(/from "(node:|pg"|fastify)/);
  }
  expect(
    wrong(({ from, to }) => from.startsWith("web/") && to.startsWith("server/") && !shared.has(to)),
  ).toEqual([]);
});

test("a contract imports no more than contracts and rules", () => {
  const allowed =
    /\/(contract|shapes)\.ts$|^server\/platform\/http\/(endpoint|problem)\.ts$|^server\/permissions\.ts$/;
  const rule =
    /^server\/features\/[^/]+\/(email-address|person-name|group-name|password-rules|tenant-settings)\.ts$/;
  expect(
    wrong(({ from, to }) => from.endsWith("/contract.ts") && !allowed.test(to) && !rule.test(to)),
  ).toEqual([]);
});

test("nobody but platform/db opens a connection", () => {
  const pools = globSync("server/**/*.ts", { cwd: root }).filter(
    (path) =>
      !path.startsWith("server/platform/db/") &&
      !path.endsWith(".test.ts") &&
      /new pg\.(Pool|Client)|new Pool\(/.test(readFileSync(join(root, path), "utf8")),
  );
  expect(pools).toEqual([]);
});
