import { afterAll, beforeAll, expect, test } from "vitest";
import type { Import } from "#server/features/imports/contract.ts";
import { largeBytes } from "#server/features/imports/store-work.ts";
import { type Gate, gate } from "#tests/support/gate.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { applyImport, checkFiles, fileOf, importIn, press, uploadFiles } from "#tests/support/run-import.ts";
import { type TestTenant, testTenant } from "#tests/support/tenant.ts";

let installation: TestInstallation;
let stops: Gate;
let busy: TestTenant;
let other: TestTenant;
beforeAll(async () => {
  installation = await testInstallation();
  stops = await gate(installation.database, ["import_rows", "users"]);
  busy = await testTenant(installation);
  other = await testTenant(installation);
  await installation.startJobs();
});
afterAll(async () => {
  await stops?.open();
  await installation?.close();
});

const header = "First name,Last name,Email\n";
const person = (name: string) => fileOf(`${header}F,L,${name}@northwind.example\n`);
const row = `F,L,large@northwind.example,${"long ".repeat(400)}\n`;
const largeRows = Math.ceil(largeBytes / 2000);
const large = fileOf(`First name,Last name,Email,Note\n${row.repeat(largeRows)}`);
/** Whatever the busy tenant does here takes as long as this gate is closed: for ever, as far as the others can see. */
const ofBusy = () => `current_setting('app.tenant_id', true) = '${busy.id}'`;
const statesOf = async (ids: readonly string[]) =>
  Promise.all(ids.map(async (id) => (await busy.owner.call<Import>("GET", `/imports/${id}`)).body.state));
/** Who stands at the gate of a table, by what they are doing: between two of its sleeps nobody sleeps. */
const standing = async (table: string) =>
  (
    await installation.database.query(
      `select from pg_stat_activity where datname = current_database() and usename = 'muster_app' and state = 'active'
          and query ~ ('\\m(insert into|update|delete from) ' || $1 || '\\M')`,
      [table],
    )
  ).length;

test("ten imports of one tenant that are read for ever hold up none of another tenant, small or large", async () => {
  const closed = stops.close("import_rows", ofBusy());
  const ids = [];
  for (const file of [large, large, large, large]) ids.push(await uploadFiles(busy.owner, [file]));
  for (let n = 0; n < 6; n += 1) ids.push(await uploadFiles(busy.owner, [person(`busy${n}`)]));
  await closed;
  const mine = await checkFiles(other.owner, person("small"));
  expect((await applyImport(other.owner, mine.id)).counts).toMatchObject({ invited: 1 });
  expect((await checkFiles(other.owner, large)).rows).toBe(largeRows);
  expect(new Set(await statesOf(ids))).toEqual(new Set(["checking"]));
  // One worker that reads large files, and one that reads the others.
  expect(await standing("import_rows")).toBe(2);
  await stops.open();
  for (const id of ids) await importIn(busy.owner, id, "checked");
  for (const id of ids) await busy.owner.call("POST", `/imports/${id}/cancel`);
}, 120_000);

test("nor do those that are applied for ever", async () => {
  const ids = [];
  for (let n = 0; n < 4; n += 1) ids.push((await checkFiles(busy.owner, person(`applied${n}`))).id);
  const closed = stops.close("users", ofBusy());
  for (const id of ids) expect((await press(busy.owner, id)).status).toBe(202);
  await closed;
  const mine = await checkFiles(other.owner, person("other"));
  expect((await applyImport(other.owner, mine.id)).counts).toMatchObject({ invited: 1 });
  expect(new Set(await statesOf(ids))).toEqual(new Set(["applying"]));
  expect(await standing("users")).toBe(1);
  await stops.open();
  for (const id of ids) await importIn(busy.owner, id, "finished");
}, 120_000);
