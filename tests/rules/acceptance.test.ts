import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const [criteria = "", proof = ""] = readFileSync(join(root, "docs/acceptance.md"), "utf8").split("## Proof");

const ids = Array.from({ length: 13 }, (_, n) => `A${n + 1}`);
const proofs = [...proof.matchAll(/^\| (A\d+) \| `([^`]+)` \| (.+) \|$/gm)].map(([, id, file, name]) => ({
  id: id ?? "",
  file: file ?? "",
  name: name ?? "",
}));

test("every criterion of the portal stands in docs/acceptance.md, once", () => {
  expect([...criteria.matchAll(/^\| (A\d+) \| .+ \|$/gm)].map(([, id]) => id)).toEqual(ids);
});

test("every criterion names a test that proves it, and every row of the table can be read", () => {
  expect([...new Set(proofs.map(({ id }) => id))]).toEqual(ids);
  expect(proof.match(/^\| A/gm)).toHaveLength(proofs.length);
});

test.each(proofs)("$id: “$name” is a test of $file that runs", ({ file, name }) => {
  expect(existsSync(join(root, file)), `${file} is there`).toBe(true);
  const words = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  // Neither `test.skip` nor `test.todo` nor `test.fails` proves anything.
  const declared = new RegExp(`(?<![.\\w])test(\\.each\\(\\w+\\))?\\(\\s*"${words}"`);
  expect(declared.test(readFileSync(join(root, file), "utf8")), `${file} has a test of that name`).toBe(true);
});
