import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { beforeEach, describe, expect, test } from "vitest";
import { migrationsDir } from "#server/platform/db/migrate.ts";
import { importsByHand } from "#tests/support/imports-by-hand.ts";
import { rowsOfImport } from "#tests/support/run-import.ts";

const desk = importsByHand({});
const { newTenant, query, job, checked, applied, see } = desk;
beforeEach(() => newTenant());

const header = "First name,Last name,Email,Groups\n";
const rows = (id: string) => rowsOfImport(desk.tenant.owner, id);
const cancel = (id: string) => desk.tenant.owner.call("POST", `/imports/${id}/cancel`);
const over = (id: string, days: number) =>
  query("update imports set finished_at = now() - make_interval(days => $2) where id = $1", [id, days]);
const everythingOf = (id: string) =>
  query("select * from import_rows r where r.import_id = $1 order by row_no", [id]);

describe("rows that nobody was made of", () => {
  test("are forgotten when the import has been over for long enough; what became of them stays", async () => {
    const file = `${header}Anna,Berg,anna@northwind.example,\nBela,Cruz,bela(at)northwind.example,Staff\nCara,,cara@northwind.example,\n`;
    const { id } = await checked(file);
    const { counts } = await applied(id);
    await over(id, 89);
    await job("imports.forget_rows");
    expect(await rows(id)).toMatchObject([
      { firstName: "Anna" },
      { firstName: "Bela" },
      { firstName: "Cara" },
    ]);
    await over(id, 91);
    await job("imports.forget_rows");
    expect(await rows(id)).toMatchObject([
      { email: "anna@northwind.example", firstName: "Anna", outcome: "invited", problems: [] },
      ...[3, 4].map((rowNo) => ({
        rowNo,
        email: "",
        firstName: "",
        groups: [],
        groupCell: "",
        outcome: "problem",
      })),
    ]);
    expect((await rows(id))[1]?.problems).toEqual([expect.objectContaining({ code: "forgotten", read: "" })]);
    expect((await see(id)).counts).toEqual(counts);
    expect(JSON.stringify(await everythingOf(id))).not.toMatch(/bela|cruz|cara/i);
    const { body: left } = await desk.tenant.owner.call<string>("GET", `/imports/${id}/problem-rows.csv`);
    expect(left.trim().split("\n")).toHaveLength(1);
  });

  test("of a cancelled import go after the days of the tenant's settings, unless the address is a user's by then", async () => {
    const file = `${header}Anna,Berg,anna@northwind.example,\nBela,Cruz,bela@northwind.example,\n`;
    const { id } = await checked(file);
    await cancel(id);
    await desk.tenant.owner.call("POST", "/users", {
      mode: "invite",
      firstName: "Anna",
      lastName: "Berg",
      email: "anna@northwind.example",
    });
    const { body: settings } = await desk.tenant.owner.call<{ version: number }>("GET", "/settings");
    await desk.tenant.owner.call("PATCH", "/settings", { version: settings.version, importRowDays: 5 });
    await over(id, 6);
    await job("imports.forget_rows");
    expect(await rows(id)).toMatchObject([{ email: "anna@northwind.example" }, { email: "" }]);
  });

  test("of an import that is not over stay", async () => {
    const { id } = await checked(`${header}Bela,Cruz,bela(at)northwind.example,\n`);
    await query("update imports set finished_at = now() - interval '1 year' where id = $1", [id]);
    await job("imports.forget_rows");
    expect(await rows(id)).toMatchObject([{ firstName: "Bela" }]);
  });
});

test("of imports undone by a version that kept their rows, the migration keeps nothing", async () => {
  const { id } = await checked(
    `${header}Bela,Cruz,bela@northwind.example,\nCara,Diaz,cara@northwind.example,\n`,
  );
  await cancel(id);
  await query("update imports set state = 'undone' where id = $1", [id]);
  await query("update import_rows set outcome = 'undone' where import_id = $1 and row_no = 2", [id]);
  const owner = new pg.Client(desk.installation.database.connection.muster_owner);
  await owner.connect();
  try {
    await owner.query(readFileSync(join(migrationsDir, "0018-undone-rows.sql"), "utf8"));
  } finally {
    await owner.end();
  }
  expect(await rows(id)).toMatchObject([
    { email: "", outcome: "undone" },
    { email: "cara@northwind.example" },
  ]);
});
