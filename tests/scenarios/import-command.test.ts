import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Import } from "#server/features/imports/contract.ts";
import { musterProcess } from "#tests/support/muster-process.ts";
import { setUpTenant } from "#tests/support/portal-client.ts";
import type { MusterProcess } from "#tests/support/run-muster.ts";
import { until } from "#tests/support/until.ts";

let muster: MusterProcess;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "muster-import-"));
  muster = await musterProcess();
  await setUpTenant(muster, "northwind");
});
afterAll(async () => {
  await muster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string, content: string) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const run = (...args: string[]) => muster.command("import", ...args, "--tenant", "northwind");
const json = (output: { stdout: string }) => JSON.parse(output.stdout) as Import;
const people = async () =>
  (await muster.query("select email from users where email_key like '%@people.example' order by 1")).map(
    (row) => row.email,
  );

const open = () => muster.query("select id from imports where state in ('uploading', 'checking', 'checked')");

test("--dry-run shows the plan and keeps nothing; without it everybody is imported, beside the running server", async () => {
  const path = file(
    "people.csv",
    "First name,Last name,Email,Groups\nAnna,Berg,anna@people.example,Staff\nBela,Cruz,bela@people.example,\n",
  );
  const dry = run(path, "--mode", "invite", "--create-groups", "--dry-run");
  expect([dry.status, dry.stderr]).toEqual([0, ""]);
  expect(dry.stdout).toMatch(/1 to be made.*1 waiting for a group.*No group Staff.*Plan [0-9a-f]{64}/s);
  expect(await people()).toEqual([]);

  const done = run(path, "--create-groups", "--json");
  expect(done.status).toBe(0);
  expect(json(done)).toMatchObject({
    state: "finished",
    createdBy: { id: null },
    counts: { invited: 2 },
  });
  expect(await people()).toEqual(["anna@people.example", "bela@people.example"]);
  expect(json(run(path, "--dry-run", "--json")).counts).toMatchObject({ existing: 2, ready: 0 });
  expect(await open()).toEqual([]);
});

test("a file that changes nothing is no failure, and what is refused is not left open", async () => {
  const rows = "First name,Last name,Email,Groups\nAnna,Berg,anna@people.example,Staff\n";
  const same = run(file("same.csv", rows), "--existing", "add_groups");
  expect([same.status, same.stderr]).toEqual([0, ""]);
  expect(same.stdout).toMatch(/cancelled.*nothing to import: everybody .* exactly as the file says/s);
  const people = "First name,Last name,Email\nOtto,Ott,otto@people.example\nNemo,,nemo@people.example\n";
  const wrong = run(file("wrong.csv", people), "--all-or-nothing");
  expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringMatching(/1 row has a problem/)]);
  const nobody = run(file("nobody.csv", "First name,Last name,Email\n"));
  expect([nobody.status, nobody.stderr]).toEqual([2, expect.stringMatching(/nothing to import/)]);
  expect(await open()).toEqual([]);
});

test("a plan is kept, applied by its hash and undone; scripts see by the exit code what was left out", async () => {
  const path = file(
    "more.csv",
    "First name,Last name,Email\nCara,Diaz,cara@people.example\nDora,,dora@people.example\n",
  );
  const planned = run("plan", path, "--json");
  expect(planned.status).toBe(3);
  const { id, planHash } = json(planned);
  const stale = run("apply", id, "--plan", "0".repeat(64));
  expect([stale.status, stale.stderr]).toEqual([2, expect.stringMatching(/plan has changed/)]);
  const applied = run("apply", id, "--plan", planHash ?? "", "--json");
  expect([applied.status, json(applied).state]).toEqual([3, "finished"]);
  expect(await people()).toContain("cara@people.example");
  // Its email lies in the built-in mailbox: nobody was sent one.
  expect(run("undo", id, "--dry-run").stdout).toMatch(/^ +1 erased\n$/);
  expect(await people()).toContain("cara@people.example");
  expect(json(run("undo", id, "--json")).state).toBe("undone");
  expect(await people()).not.toContain("cara@people.example");
});

test("who is missing from a source's next file is listed, and suspended where that is said and confirmed", async () => {
  const rows = [
    "Ines,Holm,ines@people.example",
    "Jan,Iske,jan@people.example",
    "Kaja,Juhl,kaja@people.example",
  ];
  const payroll = (people: string[]) => ["First name,Last name,Email", ...people, ""].join("\n");
  const first = muster.pipe(
    payroll(rows),
    "import",
    "-",
    "--tenant",
    "northwind",
    "--source",
    "payroll",
    "--json",
  );
  expect([first.status, json(first).counts, json(first).files[0]?.name]).toEqual([
    0,
    expect.objectContaining({ invited: 3 }),
    "standard-input",
  ]);

  const next = file("next.csv", payroll(rows.slice(1)));
  const missing = ["--source", "payroll", "--suspend-missing", "--grace-days", "0"];
  const unsure = run(next, ...missing);
  expect([unsure.status, unsure.stderr]).toEqual([
    2,
    expect.stringMatching(/suspends 1 person missing.*add --confirm northwind\. Nothing was imported\./),
  ]);
  expect(await open()).toEqual([]);
  const planned = run("plan", next, ...missing, "--json");
  const { id, planHash, leavers } = json(planned);
  expect(leavers).toMatchObject({ missing: 1, ticked: 1, graceDays: 0 });
  expect(run("leavers", id).stdout).toBe("1 missing\nto be suspended\tInes Holm\tines@people.example\n");
  const applied = run("apply", id, "--plan", planHash ?? "", "--confirm", "northwind");
  expect([applied.status, applied.stderr]).toEqual([0, ""]);
  await until(
    async () => JSON.parse(run("leavers", id, "--json").stdout).leavers[0].suspended,
    "the suspension by the running server",
  );
  expect(run(next, "--suspend-missing").stderr).toContain("say with --source whose people may be missing");
  expect(run(next, "--source", "payroll", "--grace-days", "many").stderr).toContain("Say 0 to 90 days.");
});

test("what cannot be is refused in words, with the way on", () => {
  expect(run("nowhere.csv").stderr).toContain("There is no file nowhere.csv.");
  expect(muster.command("import", "x.csv").stderr).toContain("--tenant");
  expect(run("--mode", "maybe", "x.csv").status).toBe(2);
});
