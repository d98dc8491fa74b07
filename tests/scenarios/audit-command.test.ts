import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { musterProcess } from "#tests/support/muster-process.ts";
import { type PortalClient, setUpTenant } from "#tests/support/portal-client.ts";
import type { MusterProcess } from "#tests/support/run-muster.ts";

let muster: MusterProcess;
let owner: PortalClient;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "muster-audit-"));
  muster = await musterProcess();
  owner = await setUpTenant(muster, "northwind");
  for (const name of ["Staff", "Choir", "Board"]) await owner.call("POST", "/groups", { name });
});
afterAll(async () => {
  await muster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const run = (...args: string[]) => muster.command("audit", ...args, "--tenant", "northwind");

test("a head is kept elsewhere; a tail that is cut afterwards is found by it, in words and by exit code", async () => {
  const exported = run("head");
  expect([exported.status, exported.stderr]).toEqual([0, ""]);
  const head = JSON.parse(exported.stdout) as { position: number };
  const path = join(folder, "head.json");
  writeFileSync(path, exported.stdout);
  // Set-up, the owner's session is not an event of its own, three groups.
  expect(head.position).toBe(4);

  const intact = run("verify", "--head", path);
  expect([intact.status, intact.stdout]).toEqual([0, expect.stringMatching(/northwind is intact: 4 events/)]);

  await muster.query(
    "delete from audit_events where id = (select event_id from audit_links where position = 4)",
  );
  await muster.query("delete from audit_links where position = 4");
  await muster.query("delete from audit_heads");
  const unsigned = run("verify");
  expect([unsigned.status, unsigned.stdout]).toEqual([
    4,
    expect.stringMatching(/unsigned: At position 1: no signed head/),
  ]);
  const cut = run("verify", "--head", path);
  expect([cut.status, cut.stdout]).toEqual([
    4,
    expect.stringMatching(/NOT intact.*tail_cut: At position 4: the chain was cut/s),
  ]);

  await muster.query(
    "update audit_events set action = 'group.deleted' where id = (select event_id from audit_links where position = 2)",
  );
  const changed = run("verify", "--json");
  expect(changed.status).toBe(4);
  expect(JSON.parse(changed.stdout)).toMatchObject({
    tenant: "northwind",
    intact: false,
    findings: [
      { kind: "changed", position: 2 },
      { kind: "unsigned", position: 1 },
    ],
  });
});

test("events are exported by the filters of the portal, and that is recorded of the operator", async () => {
  const json = run("export", "--format", "json", "--action", "group.");
  expect(json.status).toBe(0);
  expect((JSON.parse(json.stdout) as unknown[]).length).toBeGreaterThan(1);
  const csv = run("export", "--actor", "operator");
  expect(csv.stdout).toMatch(/operator,,audit\.exported/);
});

test("the log of a tenant that is suspended or deleted is looked at without opening it again", () => {
  for (const close of ["suspend", "delete"]) {
    expect(muster.command("tenant", close, "northwind").status).toBe(0);
    expect(run("head").status).toBe(0);
    // The first test has left a changed event in it.
    expect(run("verify")).toMatchObject({ status: 4, stderr: "" });
    expect(run("export", "--action", `tenant.${close}`).stdout).toContain(`operator,,tenant.${close}`);
  }
});

test("what cannot be is refused in words, with the way on", () => {
  expect(run("verify", "--head", "nowhere.json").stderr).toContain("nowhere.json cannot be read");
  expect(run("export", "--from", "yesterday").stderr).toContain("--from");
  expect(run("export", "--format", "xml").status).toBe(2);
  expect(muster.command("audit", "verify", "--tenant", "nowhere").stderr).toContain(
    "There is no tenant nowhere.",
  );
});
