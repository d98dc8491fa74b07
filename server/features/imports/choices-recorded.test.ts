import { beforeEach, expect, test } from "vitest";
import { importsByHand } from "#tests/support/imports-by-hand.ts";

/** Whoever presses Import CSV stands for what others have chosen and corrected before: the log says who did. */
const desk = importsByHand({});
beforeEach(() => desk.newTenant());

const events = (importId: string) =>
  desk.query(
    `select e.action, e.actor_id, e.fields, e.details, p.content->'changes' as changes
       from audit_events e left join audit_personal p on p.tenant_id = e.tenant_id and p.event_id = e.id
      where e.target_id = $1 and e.action <> 'import.uploaded' order by e.id`,
    [importId],
  );

test("who corrected a row of an import, chose what it does and how its file is read", async () => {
  const { id } = await desk.checked("First name,Last name,Email\nAnna,Berg,anna@northwind.example\n");
  const clerk = await desk.tenant.person("user_administrator");
  const change = async (path: string, body: object) =>
    expect((await clerk.call("PATCH", `/imports/${id}${path}`, body)).status).toBeLessThan(300);
  await change("/rows/1/2", { email: "mallory@elsewhere.example", password: "seven yellow bicycles" });
  await change("", { existing: "replace_groups", allOrNothing: true, mail: { when: "hold" } });
  await change("", { existing: "replace_groups" });
  expect((await clerk.call("POST", `/imports/${id}/leavers`, { ticked: true })).status).toBe(200);
  await change("/files/1", { delimiter: "," });
  expect(await events(id)).toEqual([
    {
      action: "import.row_corrected",
      actor_id: clerk.id,
      fields: ["email", "password"],
      details: { file: 1, row: 2 },
      changes: null,
    },
    {
      action: "import.choices_changed",
      actor_id: clerk.id,
      fields: ["existing", "allOrNothing", "mail"],
      details: {},
      changes: {
        allOrNothing: { before: false, after: true },
        existing: { before: "skip", after: "replace_groups" },
        mail: { before: "now", after: "hold" },
      },
    },
    {
      action: "import.leavers_chosen",
      actor_id: clerk.id,
      fields: [],
      details: { ticked: true, everybody: true },
      changes: null,
    },
    {
      action: "import.file_read_otherwise",
      actor_id: clerk.id,
      fields: ["delimiter"],
      details: { file: 1 },
      changes: null,
    },
  ]);
  // The values that were typed are of people nobody knows yet, perhaps a password: they stand in no event.
  const kept = await desk.query("select content::text from audit_personal where tenant_id = $1", [
    desk.tenant.id,
  ]);
  expect(JSON.stringify(kept)).not.toMatch(/mallory|bicycles/);
});
