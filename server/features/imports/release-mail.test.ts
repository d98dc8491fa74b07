import { beforeEach, expect, it } from "vitest";
import { shortly } from "#tests/support/at-once.ts";
import { importsByHand } from "#tests/support/imports-by-hand.ts";
import { keptInMailbox } from "../mail/contract.ts";
import type { UndoPlan } from "./contract.ts";
import { undoRows } from "./undoing/undo-rows.ts";

const desk = importsByHand({});
beforeEach(() => desk.newTenant());

const people =
  "First name,Last name,Email\nAnna,Berg,anna@northwind.example\nBela,Cruz,bela@northwind.example\n";

/** An import with its emails held. */
async function held(csv = people) {
  const { id } = await desk.checked(csv);
  await desk.tenant.owner.call("PATCH", `/imports/${id}`, { mail: { when: "hold" } });
  await desk.applied(id);
  return id;
}
const states = async () =>
  (
    await desk.query(
      `select m.state from messages m join users u on u.tenant_id = m.tenant_id and u.id = m.user_id
        where m.tenant_id = $1 order by u.email_key`,
      [desk.tenant.id],
    )
  ).map(({ state }) => state);
const send = (id: string, what: "release" | "retry") =>
  desk.tenant.owner.call<object>("POST", `/imports/${id}/mail/${what}`, what === "release" ? {} : undefined);

/** From now on there is a mail server that emails go by. */
const nameServer = () =>
  desk.query(
    `insert into mail_servers (tenant_id, revision, host, port, security, from_address, updated_at)
     values ($1, gen_random_uuid(), 'mail.example.org', 587, 'starttls', 'people@example.org', now())`,
    [desk.tenant.id],
  );

/** Presses Undo after Anna has changed: she will be kept. */
async function undo(id: string) {
  await desk.query(
    "update users set last_name = 'Changed' where tenant_id = $1 and email_key like 'anna@%'",
    [desk.tenant.id],
  );
  const { owner } = desk.tenant;
  const { hash } = (await owner.call<UndoPlan>("GET", `/imports/${id}/undo`)).body;
  expect((await owner.call("POST", `/imports/${id}/undo`, { planHash: hash })).status).toBe(202);
}

it("sends what is held to whom undoing kept, and writes to them anew where that failed", async () => {
  const id = await held();
  await undo(id);
  await undoRows(desk.door, id, () => false);
  expect(await desk.see(id)).toMatchObject({
    state: "undone",
    counts: { undone: 1, kept: 1 },
    messages: { held: 1 },
  });
  expect((await desk.tenant.owner.call("GET", `/imports/${id}/mail/held`)).body).toEqual({ held: 1 });
  expect((await send(id, "release")).body).toMatchObject({ released: 1, import: { messages: { held: 0 } } });
  expect(await states()).toEqual(["queued"]);
  await desk.query(
    "update messages set state = 'refused', finished_at = now() where tenant_id = $1 and state = 'queued'",
    [desk.tenant.id],
  );
  expect((await send(id, "retry")).body).toMatchObject({ retried: 1 });
});

it("writes to whom an email was kept for while there was no mail server, once there is one", async () => {
  const id = await held();
  await send(id, "release");
  const keep =
    "update messages set state = 'accepted', finished_at = now(), last_reply = $2 where tenant_id = $1";
  await desk.query(keep, [desk.tenant.id, keptInMailbox]);
  expect(await desk.see(id)).toMatchObject({ messages: { accepted: 2, kept: 2 } });
  expect((await send(id, "retry")).body).toMatchObject({ retried: 0 });
  await nameServer();
  expect((await send(id, "retry")).body).toMatchObject({
    retried: 2,
    import: { messages: { queued: 2, accepted: 0, kept: 0 } },
  });
  expect((await send(id, "retry")).body).toMatchObject({ retried: 0 });
});

it("sends nothing while the import is being undone", async () => {
  const id = await held();
  await undo(id);
  expect(shortly(await send(id, "release"))).toBe("409 import.being_undone");
  expect(shortly(await send(id, "retry"))).toBe("409 import.being_undone");
  expect(await states()).toEqual(["held", "held"]);
});

it("releases more than go in one transaction, each once, and the audit log says how many in each", async () => {
  const many = 5002;
  const rows = Array.from({ length: many }, (_, n) => `Anna,Berg,anna${n}@northwind.example`);
  const id = await held(["First name,Last name,Email", ...rows].join("\n"));
  const pressed = await Promise.all([send(id, "release"), send(id, "release")]);
  const released = pressed.map(({ body }) => (body as { released: number }).released);
  expect(released.reduce((sum, one) => sum + one)).toBe(many);
  expect(await desk.see(id)).toMatchObject({ messages: { held: 0 } });
  expect(new Set(await states())).toEqual(new Set(["queued"]));
  const events = await desk.query(
    "select details from audit_events where tenant_id = $1 and action = 'import.mail_released' order by id",
    [desk.tenant.id],
  );
  expect(events).toEqual([{ details: { emails: 5000 } }, { details: { emails: 2 } }]);
});
