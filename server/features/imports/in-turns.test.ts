import { afterAll, beforeAll, expect, test } from "vitest";
import type { JobServices } from "#server/context.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { roughDoor } from "#tests/support/rough-door.ts";
import { fileOf, press, uploadFiles } from "#tests/support/run-import.ts";
import { type TestTenant, testTenant } from "#tests/support/tenant.ts";
import type { Import } from "./contract.ts";
import { importJobsIn } from "./jobs.ts";
import { largeBytes } from "./store-work.ts";

let installation: TestInstallation;
beforeAll(async () => {
  installation = await testInstallation();
});
afterAll(() => installation?.close());

/** The shortest turn there is: one piece of work. */
const job = (name: string, { id }: TestTenant, services: JobServices = installation.services) =>
  importJobsIn(0)
    .find((found) => found.name === name)
    ?.run({ tenantId: id }, services);

const inSmallBatches = (): JobServices => {
  const { services } = installation;
  const door: JobServices["door"] = async (tenantId) => {
    const opened = await services.door(tenantId);
    return opened && roughDoor(opened, { batchRows: 3 });
  };
  return { ...services, door };
};

const people = (rows: number) =>
  Array.from({ length: rows }, (_, n) => `F,L,p${n}@northwind.example,quiet river ${n}`).join("\n");
const fileWith = (rows: number) => fileOf(`First name,Last name,Email,Password\n${people(rows)}\n`);
const see = async ({ owner }: TestTenant, id: string) =>
  (await owner.call<Import>("GET", `/imports/${id}`)).body;

async function pressed(tenant: TestTenant, rows: number) {
  const id = await uploadFiles(tenant.owner, [fileWith(rows)]);
  await job("imports.check", tenant);
  expect((await press(tenant.owner, id)).status).toBe(202);
  return id;
}

const queued = async (name: string) =>
  (
    await installation.database.query<{ key: string }>(
      "select key from graphile_worker.jobs where task_identifier = $1 order by run_at, id",
      [name],
    )
  ).map(({ key }) => key.replace(`${name}:`, ""));
/** As a worker takes the job out of the queue that somebody now runs by hand. */
const taken = (name: string, { id }: TestTenant) =>
  installation.database.query("delete from graphile_worker._private_jobs where key = $1", [`${name}:${id}`]);

test("after its turn an import queues again behind the other tenants, and goes on where it was", async () => {
  const [one, other] = [await testTenant(installation), await testTenant(installation)];
  const id = await pressed(one, 8);
  await pressed(other, 1);
  for (const applied of [3, 6]) {
    await taken("imports.apply", one);
    await job("imports.apply", one, inSmallBatches());
    expect(await see(one, id)).toMatchObject({ state: "applying", applied });
    expect(await queued("imports.apply")).toEqual([other.id, one.id]);
  }
  for (let turn = 0; turn < 2; turn += 1) await job("imports.apply", one, inSmallBatches());
  expect(await see(one, id)).toMatchObject({ state: "finished", counts: { created: 8 } });
  await taken("imports.apply", one);
  await job("imports.apply", one, inSmallBatches());
  expect(await queued("imports.apply")).toEqual([other.id]);
});

test("a tenant's imports are applied in the order in which that was pressed, turn by turn", async () => {
  const tenant = await testTenant(installation);
  const ids = [];
  for (let n = 0; n < 3; n += 1) ids.push(await uploadFiles(tenant.owner, [fileWith(4 + n)]));
  for (let n = 0; n < 3; n += 1) await job("imports.check", tenant);
  const order = [ids[1], ids[2], ids[0]];
  for (const id of order) expect((await press(tenant.owner, id ?? "")).status).toBe(202);
  const finished: unknown[] = [];
  for (let turn = 0; turn < 20 && finished.length < 3; turn += 1) {
    await job("imports.apply", tenant, inSmallBatches());
    for (const id of ids) {
      // The first one makes people, so that the plans of the others change: they are looked at again first.
      if (!finished.includes(id) && (await see(tenant, id)).state !== "applying") finished.push(id);
    }
  }
  expect(finished).toEqual(order);
});

test("whoever finds another at work in the tenant leaves, and looks again a little later", async () => {
  const tenant = await testTenant(installation);
  const id = await uploadFiles(tenant.owner, [fileWith(2)]);
  await taken("imports.check", tenant);
  const { services } = installation;
  const door: JobServices["door"] = async (tenantId) => {
    const opened = await services.door(tenantId);
    let first = true;
    return (
      opened && {
        ...opened,
        run: async (work) => {
          if (first) {
            first = false;
            await job("imports.check", tenant);
            expect((await see(tenant, id)).state).toBe("checking");
            expect(await queued("imports.check")).toContain(`${tenant.id}:again`);
          }
          return opened.run(work);
        },
      }
    );
  };
  await job("imports.check", tenant, { ...services, door });
  expect((await see(tenant, id)).state).toBe("checked");
});

test("large files are read by workers of their own", async () => {
  const tenant = await testTenant(installation);
  const row = `A,B,a@northwind.example,${"long ".repeat(400)}\n`;
  const large = fileOf(`First name,Last name,Email,Note\n${row.repeat(largeBytes / 2000)}`);
  const first = await uploadFiles(tenant.owner, [large]);
  const small = await uploadFiles(tenant.owner, [fileWith(1)]);
  await job("imports.check", tenant);
  expect((await see(tenant, first)).state).toBe("checking");
  expect((await see(tenant, small)).state).toBe("checked");
  await job("imports.check_large", tenant);
  expect((await see(tenant, first)).state).toBe("checked");
});

test("an upload is wiped in turns too, to the last password", async () => {
  const tenant = await testTenant(installation);
  const id = await pressed(tenant, 8);
  expect((await tenant.owner.call("POST", `/imports/${id}/cancel`)).status).toBe(200);
  const passwords = async () =>
    (
      await installation.database.query(
        "select from import_rows where import_id = $1 and sealed_password is not null",
        [id],
      )
    ).length;
  const rough = inSmallBatches();
  const left = [];
  for (let turn = 0; turn < 4; turn += 1) {
    left.push(await passwords());
    await job("imports.wipe", tenant, rough);
  }
  expect(left).toEqual([8, 5, 2, 0]);
  expect(await installation.database.query("select wiped from imports where id = $1", [id])).toEqual([
    { wiped: true },
  ]);
});
