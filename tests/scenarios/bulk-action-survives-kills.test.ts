import { afterAll, beforeAll, expect, test } from "vitest";
import type { BulkAction, BulkPlan } from "#server/features/bulk-actions/contract.ts";
import { type EmbeddedMuster, embeddedMuster } from "#tests/support/embedded-muster.ts";
import { type Gate, gate } from "#tests/support/gate.ts";
import { type PortalClient, setUpTenant } from "#tests/support/portal-client.ts";
import { until } from "#tests/support/until.ts";

let muster: EmbeddedMuster;
let owner: PortalClient;
let stops: Gate;
const everybody = 21_000;

beforeAll(async () => {
  muster = await embeddedMuster();
  owner = await setUpTenant(muster, "northwind");
  await muster.query(
    `insert into users (tenant_id, id, email, email_key, first_name, last_name, name_key, given_key, status, created_at, updated_at)
     select tenants.id, gen_random_uuid(), address, address, 'First', 'Last', '', '', 'invited', now(), now()
       from tenants, generate_series(1, $1) n, format('p%s@northwind.example', n) address`,
    [everybody],
  );
  await muster.query("analyze users");
  stops = await gate(muster, ["memberships", "bulk_outcomes", "bulk_batches", "bulk_actions"]);
});
afterAll(() => muster?.stop());

async function killAt(table: string, condition: string) {
  await stops.close(table, condition);
  await muster.kill("SIGKILL");
  await muster.start();
}

const reached = async (id: string, state: BulkAction["state"]) => {
  const read = async () => (await owner.call<BulkAction>("GET", `/bulk-actions/${id}`)).body;
  await until(async () => (await read()).state === state, `the action to be ${state}`, 60_000);
  return read();
};

const members = async () =>
  (await muster.query<{ count: number }>("select count(*)::int as count from memberships"))[0]?.count;

test("killed in the middle of adding and of undoing: everybody once, and who was there before stays", async () => {
  const group = (await owner.call<{ id: string }>("POST", "/groups", { name: "Staff" })).body.id;
  const [first] = (await owner.call<{ items: { id: string }[] }>("GET", "/users?status=invited&limit=1")).body
    .items;
  await owner.call("POST", `/groups/${group}/members`, { add: [first?.id] });
  const wanted = {
    action: "add_to_groups",
    groupIds: [group],
    selection: { filter: { status: "invited" } },
  };
  const { id, hash } = (await owner.call<BulkPlan>("POST", "/bulk-actions/preview", wanted)).body;
  const batch = "(select next_batch from bulk_actions)";
  expect((await owner.call("POST", "/bulk-actions", { ...wanted, id, hash })).status).toBe(202);
  await killAt("memberships", `${batch} = 1`);
  await killAt("bulk_batches", `${batch} = 2`);
  await killAt("bulk_actions", `${batch} = 3`);
  await stops.open();
  expect(await reached(id, "finished")).toMatchObject({ changed: everybody - 1, unchanged: 1, refused: 0 });
  expect(await members()).toBe(everybody);

  expect((await owner.call("POST", `/bulk-actions/${id}/undo`)).status).toBe(200);
  await killAt("memberships", `${batch} = 1`);
  await killAt("bulk_outcomes", `${batch} = 2`);
  await stops.open();
  expect(await reached(id, "undone")).toMatchObject({ undone: everybody - 1, kept: 0 });
  expect(await members()).toBe(1);
}, 180_000);
