import { expect, test } from "vitest";
import { roughDoor } from "#tests/support/rough-door.ts";
import { rowsOfImport } from "#tests/support/run-import.ts";
import type { TestPerson } from "#tests/support/tenant.ts";
import { header, undoDesk } from "#tests/support/undo-desk.ts";
import type { Import, UndoPlan } from "../contract.ts";
import { undoRows } from "./undo-rows.ts";

const desk = undoDesk();

/** Goes on for one batch of three rows. */
async function oneBatch(id: string) {
  let asked = 0;
  await undoRows(roughDoor(desk.door, { batchRows: 3 }), id, () => asked++ > 0);
  return desk.see(id);
}

async function pressBy(person: TestPerson, id: string) {
  const { hash } = (await person.call<UndoPlan>("GET", `/imports/${id}/undo`)).body;
  return (await person.call("POST", `/imports/${id}/undo`, { planHash: hash })).status;
}

const change = async (id: string, wanted: object) => {
  const { owner } = desk.tenant;
  const { version } = (await owner.call<{ version: number }>("GET", `/users/${id}`)).body;
  expect((await owner.call("PATCH", `/users/${id}`, { version, ...wanted })).status).toBe(200);
};

const seven = Array.from({ length: 7 }, (_, n) => `Anna,Berg,anna${n}@northwind.example,Staff\n`).join("");

test.each<[string, (id: string) => Promise<unknown>]>([
  ["is suspended", (id) => desk.tenant.owner.call("POST", `/users/${id}/suspend`)],
  ["is deleted", (id) => desk.tenant.owner.call("DELETE", `/users/${id}`)],
  ["may import no more", (id) => change(id, { role: "auditor" })],
])("undoing goes no further than when whoever began it %s; another one goes on", async (_what, lose) => {
  const helper = await desk.tenant.person("administrator");
  const { id } = await desk.imported(header + seven);
  expect(await pressBy(helper, id)).toBe(202);
  expect(await oneBatch(id)).toMatchObject({ state: "undoing", counts: { undone: 3, invited: 4 } });
  await lose(helper.id);
  expect(await oneBatch(id)).toMatchObject({
    state: "undo_stopped",
    counts: { undone: 3, invited: 4 },
    undone: { erased: 3, restored: 0 },
    problem: expect.stringContaining("may not undo this import any more"),
    canUndo: true,
  });
  // Of whom it has erased the file says nothing any more, though it has not come to its end.
  expect((await rowsOfImport(desk.tenant.owner, id)).map(({ email }) => email !== "")).toEqual(
    Array.from({ length: 7 }, (_, n) => n > 2),
  );
  const events =
    "select actor_kind from audit_events where tenant_id = $1 and action = 'import.undo_stopped'";
  expect(await desk.query(events, [desk.tenant.id])).toEqual([{ actor_kind: "system" }]);
  const { body } = await desk.tenant.owner.call<{ imports: { inNeed: Import[] } }>("GET", "/home");
  expect(body.imports.inNeed.map((one) => one.id)).toEqual([id]);
  // It holds up no other import of the tenant.
  await desk.job("imports.apply");
  expect(await desk.see(id)).toMatchObject({ state: "undo_stopped" });
  expect(await pressBy(desk.tenant.owner, id)).toBe(202);
  // What is done already says nothing of how fast it goes.
  expect(await desk.see(id)).toMatchObject({ applied: 3, progress: { perSecond: 0, secondsLeft: null } });
  await desk.job("imports.apply");
  expect(await desk.see(id)).toMatchObject({
    state: "undone",
    counts: { undone: 7 },
    undone: { erased: 7 },
    undoStartedBy: { id: desk.tenant.owner.id },
    problem: null,
    canUndo: false,
  });
  expect(await desk.groupNames()).toEqual([]);
});

test("whoever undoes it and has less to say by now gives nothing back to people above them", async () => {
  const helper = await desk.tenant.person("administrator");
  const members = await Promise.all([1, 2, 3].map(() => desk.tenant.person("member")));
  const colleague = await desk.tenant.person("administrator");
  const rows = [...members, colleague].map(({ email }) => `Other,Name,${email},\n`).join("");
  const { id: checked } = await desk.checked(header + rows);
  await desk.call("PATCH", `/imports/${checked}`, { existing: "add_groups" });
  const { planHash } = await desk.see(checked);
  const confirmed = { planHash, confirmation: desk.tenant.slug };
  expect((await desk.call("POST", `/imports/${checked}/apply`, confirmed)).status).toBe(202);
  await desk.job("imports.apply");
  expect(await desk.see(checked)).toMatchObject({ state: "finished", counts: { updated: 4 } });
  expect(await pressBy(helper, checked)).toBe(202);
  expect(await oneBatch(checked)).toMatchObject({ counts: { undone: 3, updated: 1 } });
  await change(helper.id, { role: "user_administrator" });
  await undoRows(desk.door, checked, () => false);
  expect(await desk.see(checked)).toMatchObject({ state: "undo_stopped", counts: { undone: 3, updated: 1 } });
  expect(await pressBy(helper, checked)).toBe(403);
  expect(await desk.undone(checked)).toMatchObject({ state: "undone", counts: { undone: 4 } });
});
