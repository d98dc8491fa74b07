import { expect, test } from "vitest";
import type { TestPerson } from "#tests/support/tenant.ts";
import { header, people, undoDesk } from "#tests/support/undo-desk.ts";
import type { UndoPlan } from "../contract.ts";

/** Whoever began the undo may have less to say when the job comes to it than when they pressed the button. */
const desk = undoDesk();
const later = `${header}Annika,Berg,anna@northwind.example,Staff\nCara,Diaz,cara@northwind.example,Staff\n`;
const names = async () =>
  (await desk.everybody())
    .map(({ first_name }) => first_name)
    .filter((name) => name !== "Test" && name !== "Bela");

async function pressUndo(who: TestPerson, id: string) {
  const { body } = await who.call<UndoPlan>("GET", `/imports/${id}/undo`);
  return (await who.call("POST", `/imports/${id}/undo`, { planHash: body.hash })).status;
}

async function changed() {
  await desk.imported(people);
  const { id } = await desk.imported(later, { existing: "replace_groups" });
  expect(await names()).toEqual(expect.arrayContaining(["Annika", "Cara"]));
  return id;
}

test("undoing stops when they may import nobody any more, and somebody who may goes on with it", async () => {
  const id = await changed();
  const clerk = await desk.tenant.person("user_administrator");
  expect(await pressUndo(clerk, id)).toBe(202);
  expect((await desk.call("POST", `/users/${clerk.id}/suspend`)).status).toBe(200);
  await desk.job("imports.apply");
  expect(await names()).toEqual(expect.arrayContaining(["Annika", "Cara"]));
  expect(await desk.see(id)).toMatchObject({
    state: "finished",
    canUndo: true,
    problem: expect.stringContaining("Undoing stopped"),
  });
  const [event] = await desk.query(
    "select actor_kind from audit_events where target_id = $1 and action = $2",
    [id, "import.undo_stopped"],
  );
  expect(event).toEqual({ actor_kind: "system" });
  expect(await desk.undone(id)).toMatchObject({ state: "undone", problem: null, counts: { undone: 2 } });
  expect(await names()).toEqual(["Anna"]);
});

test("whoever has been given a role above them since is left as they are", async () => {
  const id = await changed();
  const clerk = await desk.tenant.person("user_administrator");
  expect(await pressUndo(clerk, id)).toBe(202);
  const anna = await desk.personOf("anna@northwind.example");
  const raised = { version: anna.version, role: "administrator" };
  expect((await desk.call("PATCH", `/users/${anna.id}`, raised)).status).toBe(200);
  await desk.job("imports.apply");
  expect(await desk.see(id)).toMatchObject({ state: "undone", counts: { undone: 1, kept: 1 } });
  expect(await names()).toEqual(["Annika"]);
});
