import { expect, test } from "vitest";
import { roughDoor } from "#tests/support/rough-door.ts";
import { expectKill } from "#tests/support/trouble-at-work.ts";
import { header, people, undoDesk } from "#tests/support/undo-desk.ts";
import { undoRows } from "./undo-rows.ts";

/** Undoing an import of a source, from which people were missing who were suspended then. */
const desk = undoDesk();
const { call, imported, planOf, pressUndo, undone, everybody } = desk;

test("only a file of their own source saves somebody who is missing from it; undoing that one says that they stay", async () => {
  await imported(people, { source: "Register" });
  const missing = await desk.checked(`${header}Anna,Berg,anna@northwind.example,Staff\n`);
  await call("PATCH", `/imports/${missing.id}`, { source: "Register", leaversGraceDays: 3 });
  await call("POST", `/imports/${missing.id}/leavers`, { ticked: true });
  expect((await desk.applied(missing.id)).state).toBe("finished");
  const leaving = () =>
    desk.query("select from import_leavers where tenant_id = $1 and suspend_at is not null", [
      desk.tenant.id,
    ]);

  const bela = `${header}Bela,Cruz,bela@northwind.example,Choir\n`;
  const other = await imported(bela, { source: "Choir", existing: "add_groups" });
  expect(await leaving()).toHaveLength(1);
  expect(await planOf(other.id)).toMatchObject({ restore: 1, keptLeavers: 0 });

  const again = await imported(bela.replace("Choir", "Night"), {
    source: "Register",
    existing: "add_groups",
  });
  expect(await leaving()).toHaveLength(0);
  expect(await planOf(again.id)).toMatchObject({ restore: 1, keptLeavers: 1 });
  await undone(again.id);
  expect(await leaving()).toHaveLength(0);
});

/** People of a source whose first emails wait in every way, all of whom a later import of it has suspended. */
async function suspendedByImport() {
  const at = new Date(Date.now() + 86_400_000);
  const schedule = { when: "schedule", at: at.toISOString(), timeZone: "Europe/Berlin" };
  for (const [names, mail] of [
    [["anna", "bela"], { when: "hold" }],
    [["cara", "dora"], schedule],
    [["eve", "finn"], { when: "now" }],
  ] as const) {
    const rows = names.map((name) => `${name},Berg,${name}@northwind.example,`).join("\n");
    await imported(`${header}${rows}\n`, { source: "Register", mail });
  }
  const { id } = await desk.checked(`${header}Zoe,Zed,zoe@northwind.example,\n`);
  await call("PATCH", `/imports/${id}`, { source: "Register", leaversGraceDays: 0, mail: { when: "hold" } });
  await call("POST", `/imports/${id}/leavers`, { ticked: true });
  await desk.applied(id);
  await desk.job("imports.sweep");
  expect((await desk.see(id)).leavers).toMatchObject({ suspended: 6 });
  return { id, at };
}
const isInAgain = async () =>
  (await everybody()).filter(({ status }) => status === "invited").map(({ email_key }) => email_key);

test("leavers are let in again some at a time, and a kill goes on where it was", async () => {
  const { id } = await suspendedByImport();
  expect(await planOf(id)).toMatchObject({ erase: 1, reactivate: 6 });
  await pressUndo(id);
  let turns = 0;
  await undoRows(roughDoor(desk.door, { batchRows: 2 }), id, () => turns++ === 2);
  expect(await isInAgain()).toHaveLength(2);
  for (const dieAt of [8, 15, 22, 29]) {
    await undoRows(roughDoor(desk.door, { batchRows: 2, dieAt }), id, () => false).catch(expectKill);
    expect((await isInAgain()).length % 2).toBe(0);
  }
  await undoRows(desk.door, id, () => false);
  expect((await desk.see(id)).state).toBe("undone");
  expect(await isInAgain()).toHaveLength(6);
  const told = await desk.query(
    `select action, actor_id, count(*)::int as events, count(distinct target_id)::int as people from audit_events
      where tenant_id = $1 and action in ('user.suspended', 'user.reactivated') group by 1, 2 order by 1`,
    [desk.tenant.id],
  );
  const byOwner = { actor_id: desk.tenant.owner.id, events: 6, people: 6 };
  expect(told).toEqual([
    { action: "user.reactivated", ...byOwner },
    { action: "user.suspended", ...byOwner },
  ]);
});

test("emails to leavers who are let in again are told of first, and wait as those did that were withdrawn", async () => {
  const { id, at } = await suspendedByImport();
  expect((await planOf(id)).welcomes).toEqual({ atOnce: 2, waiting: 4 });
  await undone(id);
  const messages = await desk.query(
    `select u.first_name as name, m.state, m.not_before, m.due_at <= m.created_at as at_once
       from messages m join users u on u.tenant_id = m.tenant_id and u.id = m.user_id
      where m.tenant_id = $1 and m.state <> 'withdrawn' order by 1`,
    [desk.tenant.id],
  );
  expect(messages).toEqual([
    { name: "anna", state: "held", not_before: null, at_once: true },
    { name: "bela", state: "held", not_before: null, at_once: true },
    { name: "cara", state: "queued", not_before: at, at_once: false },
    { name: "dora", state: "queued", not_before: at, at_once: false },
    { name: "eve", state: "queued", not_before: null, at_once: true },
    { name: "finn", state: "queued", not_before: null, at_once: true },
  ]);
  const held = await desk.query("select import_id from import_rows where tenant_id = $1 and email_key = $2", [
    desk.tenant.id,
    "anna@northwind.example",
  ]);
  const released = await call<{ released: number }>(
    "POST",
    `/imports/${held[0]?.import_id}/mail/release`,
    {},
  );
  expect(released.body.released).toBe(2);
});
