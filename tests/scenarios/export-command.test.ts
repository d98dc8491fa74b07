import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EmbeddedMuster, embeddedMuster } from "#tests/support/embedded-muster.ts";
import { checkFile, checkWorkbook } from "#tests/support/import-file.ts";
import { setUpTenant } from "#tests/support/portal-client.ts";

let muster: EmbeddedMuster;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "muster-export-"));
  muster = await embeddedMuster();
  const owner = await setUpTenant(muster, "northwind");
  const staff = await owner.call<{ id: string }>("POST", "/groups", { name: "Staff & Co." });
  for (const [firstName, groupIds] of [
    ["Anna", [staff.body.id]],
    ["=Bela", []],
  ] as const) {
    const email = `${firstName.replace("=", "").toLowerCase()}@people.example`;
    await owner.call("POST", "/users", { mode: "invite", firstName, lastName: "Berg", email, groupIds });
  }
});
afterAll(async () => {
  await muster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const run = (...args: string[]) => muster.command("user", "export", "--tenant", "northwind", ...args);
const names = (checked: Awaited<ReturnType<typeof checkFile>>) => {
  expect(checked.problems).toEqual([]);
  return checked.rows.map((row) => row.firstName);
};

test("CSV goes to standard output and nothing else does, beside the running server; the operator is on record", async () => {
  const all = run();
  expect([all.status, all.stderr]).toEqual([0, "3 users exported.\n"]);
  expect(names(await checkFile(all.stdout)).slice(1)).toEqual(["Anna", "=Bela"]);
  const some = run("--group", "staff  & co.", "--status", "invited", "--search", "berg");
  expect([some.stderr, names(await checkFile(some.stdout))]).toEqual(["1 user exported.\n", ["Anna"]]);
  const narrowed = run("--role", "member", "--never-signed-in", "--created-from", "2026-01-01");
  expect(names(await checkFile(narrowed.stdout))).toEqual(["Anna", "=Bela"]);
  expect(run("--created-before", "2026-01-01T00:00Z").stderr).toBe("0 users exported.\n");
  const events = await muster.query(
    "select actor_kind, details->>'users' as users from audit_events where action = 'users.exported' order by id",
  );
  expect(events).toEqual([
    { actor_kind: "operator", users: "3" },
    { actor_kind: "operator", users: "1" },
    { actor_kind: "operator", users: "2" },
    { actor_kind: "operator", users: "0" },
  ]);
});

test("--output writes a file for oneself alone, a workbook where its name says so", async () => {
  const path = join(folder, "people.xlsx");
  const done = run("--search", "berg", "--output", path);
  expect([done.status, done.stdout, done.stderr]).toEqual([0, "", "2 users exported.\n"]);
  expect(names(await checkWorkbook(readFileSync(path)))).toEqual(["Anna", "=Bela"]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(existsSync(`${path}.part`)).toBe(false);
  const csv = join(folder, "people.txt");
  run("--format", "csv", "--output", csv);
  expect(names(await checkFile(readFileSync(csv)))).toHaveLength(3);
});

test("what cannot be is refused in words, with the way on", () => {
  const nobody = run("--group", "Nowhere");
  expect([nobody.status, nobody.stdout, nobody.stderr]).toEqual([
    2,
    "",
    "--group: There is no group Nowhere.\n",
  ]);
  const nowhere = run("--output", join(folder, "no", "where.csv"));
  expect([nowhere.status, nowhere.stderr]).toEqual([
    2,
    expect.stringContaining("cannot be written (ENOENT)"),
  ]);
  expect(run("--status", "gone").status).toBe(2);
  const yesterday = run("--created-from", "yesterday");
  expect([yesterday.status, yesterday.stderr]).toEqual([2, expect.stringContaining("Write a day")]);
  expect(muster.command("user", "export", "--tenant", "nobodys").stderr).toContain(
    "There is no tenant nobodys",
  );
});
