import { beforeEach, expect, test } from "vitest";
import { importsByHand } from "#tests/support/imports-by-hand.ts";
import { roughDoor } from "#tests/support/rough-door.ts";
import { fileOf, press, uploadFiles } from "#tests/support/run-import.ts";
import { applyImport } from "./apply-import.ts";

const desk = importsByHand({});
beforeEach(() => desk.newTenant());

const header = "First name,Last name,Email\n";

/** Goes on for one batch of three rows. */
async function oneBatch(id: string) {
  let asked = 0;
  await applyImport(roughDoor(desk.door, { batchRows: 3 }), id, () => asked++ > 0);
  return desk.see(id);
}

const change = async (id: string, change: object) => {
  const { owner } = desk.tenant;
  const { version } = (await owner.call<{ version: number }>("GET", `/users/${id}`)).body;
  expect((await owner.call("PATCH", `/users/${id}`, { version, ...change })).status).toBe(200);
};

test.each<[string, (id: string) => Promise<unknown>]>([
  ["is suspended", (id) => desk.tenant.owner.call("POST", `/users/${id}/suspend`)],
  ["is deleted", (id) => desk.tenant.owner.call("DELETE", `/users/${id}`)],
  ["may import no more", (id) => change(id, { role: "auditor" })],
])("an import goes no further than when whoever started it %s", async (_what, lose) => {
  const helper = await desk.tenant.person("administrator");
  const people = Array.from({ length: 7 }, (_, n) => `Anna,Berg,anna${n}@northwind.example\n`).join("");
  const id = await uploadFiles(helper, [fileOf(header + people)]);
  await desk.check(id);
  expect((await press(helper, id)).status).toBe(202);
  expect(await oneBatch(id)).toMatchObject({ state: "applying", counts: { invited: 3 } });
  await lose(helper.id);
  expect(await oneBatch(id)).toMatchObject({
    state: "cancelled",
    counts: { invited: 3, ready: 4 },
    problem: expect.stringContaining("may not import any more"),
    canUndo: true,
  });
  expect(
    await desk.query(
      "select actor_kind from audit_events where tenant_id = $1 and action = 'import.given_up'",
      [desk.tenant.id],
    ),
  ).toEqual([{ actor_kind: "system" }]);
});

test("whoever started an import and has less to say by now changes only whom they still may", async () => {
  const helper = await desk.tenant.person("administrator");
  const colleague = await desk.tenant.person("administrator");
  const members = await Promise.all([1, 2, 3, 4].map(() => desk.tenant.person("member")));
  const rows = [...members.slice(0, 3), colleague, ...members.slice(3)];
  const content = rows.map(({ email }) => `Other,Name,${email}\n`).join("");
  const id = await uploadFiles(helper, [fileOf(header + content)]);
  await desk.check(id);
  expect((await helper.call("PATCH", `/imports/${id}`, { existing: "add_groups" })).status).toBe(200);
  expect((await press(helper, id)).status).toBe(202);
  expect(await oneBatch(id)).toMatchObject({ counts: { updated: 3 } });
  await change(helper.id, { role: "user_administrator" });
  await applyImport(desk.door, id, () => false);
  expect(await desk.see(id)).toMatchObject({ state: "finished", counts: { updated: 4, conflict: 1 } });
  expect(
    await desk.query(
      "select role, first_name from users where id = any($1::uuid[]) group by 1, 2 order by 1",
      [rows.map((person) => person.id)],
    ),
  ).toEqual([
    { role: "administrator", first_name: "Test" },
    { role: "member", first_name: "Other" },
  ]);
});
