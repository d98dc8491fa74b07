import { beforeEach, expect, it } from "vitest";
import { shortly } from "#tests/support/at-once.ts";
import { importsByHand, one } from "#tests/support/imports-by-hand.ts";
import { press } from "#tests/support/run-import.ts";
import type { Import } from "./contract.ts";

const desk = importsByHand({});
beforeEach(() => desk.newTenant());

const hour = 3_600_000;
const schedule = (id: string, at: Date) =>
  desk.tenant.owner.call("PATCH", `/imports/${id}`, {
    mail: { when: "schedule", at: at.toISOString(), timeZone: "UTC" },
  });
const passTime = (id: string) =>
  desk.query("update imports set mail_at = now() - interval '1 minute' where id = $1", [id]);

it("is not started with emails at a time that has passed meanwhile: they would go at once", async () => {
  const { id } = await desk.checked(one);
  expect((await schedule(id, new Date(Date.now() + hour))).status).toBe(200);
  await passTime(id);
  expect(shortly(await press(desk.tenant.owner, id))).toBe("422 import.mail_time");
  expect((await desk.see(id)).state).toBe("checked");
  await schedule(id, new Date(Date.now() + 2 * hour));
  expect((await press(desk.tenant.owner, id)).status).toBe(202);
});

it("needs no time where there are no emails", async () => {
  const { id } = await desk.checked(
    `First name,Last name,Email,Suspended\nAnna,Berg,anna@northwind.example,yes\n`,
  );
  await schedule(id, new Date(Date.now() + hour));
  await passTime(id);
  expect((await press(desk.tenant.owner, id)).status).toBe(202);
});

it("sends after its time what was pressed before it, and waited", async () => {
  const { id } = await desk.checked(one);
  await schedule(id, new Date(Date.now() + hour));
  expect((await press(desk.tenant.owner, id)).status).toBe(202);
  await passTime(id);
  await desk.job("imports.apply");
  expect((await desk.see(id)).state).toBe("finished");
  expect(
    await desk.query("select state, due_at <= now() as due from messages where tenant_id = $1", [
      desk.tenant.id,
    ]),
  ).toEqual([{ state: "queued", due: true }]);
});

it("is by whoever pressed Import CSV, who need not have uploaded the file", async () => {
  const { owner, person } = desk.tenant;
  const administrator = await person("administrator");
  const settings = (await owner.call<{ version: number }>("GET", "/settings")).body;
  await owner.call("PATCH", "/settings", { importNotice: "always", version: settings.version });
  const { id } = await desk.checked(one);
  expect(await desk.see(id)).toMatchObject({ createdBy: { id: owner.id }, startedBy: null });
  expect((await press(administrator, id)).status).toBe(202);
  await desk.job("imports.apply");
  expect(await desk.see(id)).toMatchObject({
    state: "finished",
    createdBy: { name: "Test owner" },
    startedBy: { id: administrator.id, name: "Test administrator" },
  });
  const [made] = await desk.query("select user_id from import_rows where import_id = $1", [id]);
  expect((await owner.call("GET", `/users/${made?.user_id}/provenance`)).body).toMatchObject({
    items: [{ importId: id, by: "Test administrator" }],
  });
  const told = "select user_id from messages where tenant_id = $1 and kind = 'import.finished'";
  expect(await desk.query(told, [desk.tenant.id])).toEqual([{ user_id: administrator.id }]);
});

it("warns whoever looks at it and is in it, not whoever uploaded it; the plan is the same for both", async () => {
  const { owner, person } = desk.tenant;
  const administrator = await person("administrator");
  const { id } = await desk.checked(`First name,Last name,Email\nMallory,Changed,${administrator.email}\n`);
  await owner.call("PATCH", `/imports/${id}`, { existing: "add_groups" });
  const [asOwner, asThey] = await Promise.all(
    [owner, administrator].map(async (who) => (await who.call<Import>("GET", `/imports/${id}`)).body),
  );
  const codes = (plan: Import | undefined) => plan?.seatBelt?.reasons.map(({ code }) => code);
  expect(codes(asOwner)).toEqual(["administrators"]);
  expect(codes(asThey)).toEqual(["administrators", "yourself"]);
  expect(asThey?.planHash).toBe(asOwner?.planHash);
});
