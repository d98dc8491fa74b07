import { beforeEach, describe, expect, it } from "vitest";
import { messageKinds } from "#server/app.ts";
import { mailJobs } from "#server/features/mail/jobs.ts";
import { importsByHand, one } from "#tests/support/imports-by-hand.ts";
import { unhurriedTiming } from "#tests/support/mail.ts";
import { press } from "#tests/support/run-import.ts";
import { applyImport } from "./apply-import.ts";

const desk = importsByHand({});
beforeEach(() => desk.newTenant());

/** Somebody new, somebody whose address is none, and Anna. */
const rows = (email: string) => `${one}Bo,Dahl,not an address,\nCy,Ek,${email},\n`;
let imports = 0;

async function choose(settings: object) {
  const { body } = await desk.tenant.owner.call<{ version: number }>("GET", "/settings");
  const answer = await desk.tenant.owner.call("PATCH", "/settings", { ...settings, version: body.version });
  expect(answer.status).toBe(200);
}

const deliver = () =>
  mailJobs(messageKinds, unhurriedTiming)
    .find((job) => job.name === "mail.deliver")
    ?.run({ tenantId: desk.tenant.id }, desk.installation.services);

type Mail = { id: string; recipient: string; subject: string; text: string };
async function notices() {
  await deliver();
  const { body } = await desk.tenant.owner.call<{ items: Mail[] }>("GET", "/mailbox");
  return body.items.filter(({ recipient }) => recipient === desk.tenant.owner.email);
}
const read = async ({ id }: Mail) => (await desk.tenant.owner.call<Mail>("GET", `/mailbox/${id}`)).body.text;

/** Checks and applies an import that has been going on for so many seconds by then. */
async function importFor(seconds: number) {
  const { id } = await desk.checked(rows(`cy${imports++}@northwind.example`));
  expect((await press(desk.tenant.owner, id)).status).toBe(202);
  await desk.query("update imports set started_at = started_at - $2 * interval '1 second' where id = $1", [
    id,
    seconds,
  ]);
  await applyImport(desk.door, id, () => false);
  return id;
}

it("tells whoever started an import what became of it, where it took over a minute", async () => {
  await importFor(50);
  expect(await notices()).toEqual([]);
  const id = await importFor(70);
  const [notice] = await notices();
  expect(notice?.subject).toBe("The import of people.csv is finished");
  const text = notice && (await read(notice));
  expect(text).toContain("Created or invited:\n1\n");
  expect(text).toContain("Users already, as they were:\n1\n");
  expect(text).toContain("Left out:\n1\n");
  expect(text).toContain(`Open the report:\nhttp://muster.example/t/${desk.tenant.slug}/imports/${id}\n`);
});

it("tells them always, or never, as the tenant wants it, in its language", async () => {
  await choose({ importNotice: "never" });
  await importFor(600);
  expect(await notices()).toEqual([]);
  await choose({ importNotice: "always", language: "de" });
  await importFor(0);
  const [notice] = await notices();
  expect(notice?.subject).toBe("Der Import von people.csv ist abgeschlossen");
  expect(notice && (await read(notice))).toContain("Angelegt oder eingeladen:\n1\n");
});

it("can be sent again, and still knows which import it is about", async () => {
  await choose({ importNotice: "always" });
  const id = await importFor(0);
  await notices();
  const { body } = await desk.tenant.owner.call<{ items: { id: string }[] }>(
    "GET",
    "/messages?kind=import.finished",
  );
  const [message] = body.items;
  const shown = await desk.tenant.owner.call<{ preview: { text: string } }>(
    "GET",
    `/messages/${message?.id}`,
  );
  expect(shown.body.preview.text).toContain(`/imports/${id}`);
  expect((await desk.tenant.owner.call("POST", `/messages/${message?.id}/resend`)).status).toBe(200);
  const again = await notices();
  expect(again).toHaveLength(2);
  expect(again[0] && (await read(again[0]))).toContain(`/imports/${id}`);
});

describe("writing to the unreached again", () => {
  const imported = async () => {
    const id = await importFor(0);
    const [person] = await desk.query(
      "select user_id from import_rows where import_id = $1 and outcome in ('created', 'invited')",
      [id],
    );
    return { id, userId: String(person?.user_id) };
  };
  /** What became of the emails about their account, and of those of other kinds after them. */
  const became = async (userId: string, account: string, other?: string) => {
    await desk.query("update messages set state = $2, finished_at = now() where user_id = $1", [
      userId,
      account,
    ]);
    if (!other) return;
    await desk.query(
      `insert into messages (tenant_id, id, user_id, kind, state, due_at, created_at, finished_at)
       values ($1, gen_random_uuid(), $2, 'sign_in.new_browser', $3, now(), now() + interval '1 hour', now())`,
      [desk.tenant.id, userId, other],
    );
  };
  const retried = async (id: string) =>
    (await desk.tenant.owner.call<{ retried: number }>("POST", `/imports/${id}/mail/retry`)).body.retried;

  it.each([
    ["refused", undefined, 1],
    ["refused", "expired", 1],
    ["refused", "accepted", 0],
    ["accepted", "refused", 0],
    ["accepted", undefined, 0],
  ])("their account's email: %s, another since: %s", async (account, other, expected) => {
    const { id, userId } = await imported();
    await became(userId, account, other);
    expect(await retried(id)).toBe(expected);
    expect(await retried(id)).toBe(0);
  });
});
