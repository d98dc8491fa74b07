import { beforeAll, describe, expect, test } from "vitest";
import type { Import, UndoPlan } from "#server/features/imports/contract.ts";
import { importJobs } from "#server/features/imports/jobs.ts";
import { shortly } from "#tests/support/at-once.ts";
import {
  applyImport,
  checkFiles,
  fileOf,
  importIn,
  press,
  rowsOfImport,
  undoImport,
} from "#tests/support/run-import.ts";
import { tenantForEach } from "#tests/support/tenant-for-each.ts";
import { until } from "#tests/support/until.ts";

const { installation, tenant, owner } = tenantForEach();
beforeAll(() => installation.startJobs());

const query = <Row extends Record<string, unknown>>(text: string, values: unknown[] = []) =>
  installation.database.query<Row>(text, [tenant.id, ...values]);

/** Everything an import may touch, without ids and times: two states are equal when these are. */
async function stateOfTenant() {
  const users = await query(
    `select u.email_key, u.first_name, u.last_name, u.name_key, u.given_key, u.role, u.status, u.language, u.deleted_at is null as here,
            array(select g.name from memberships m join groups g on g.tenant_id = m.tenant_id and g.id = m.group_id
                   where m.tenant_id = $1 and m.user_id = u.id order by 1) as groups
       from users u where u.tenant_id = $1 order by 1`,
  );
  const groups = await query("select name, active from groups where tenant_id = $1 order by name");
  const left = await query(
    `select (select count(*)::int from links where tenant_id = $1) as links,
            (select count(*)::int from credentials where tenant_id = $1) as credentials,
            (select count(*)::int from messages where tenant_id = $1 and state in ('held', 'queued', 'deferred')) as unsent`,
  );
  return { users, groups, left };
}

type Listed = { items: { id: string; firstName: string; version: number }[] };
const person = async (email: string) => {
  const found = (await owner.call<Listed>("GET", `/users?search=${email}`)).body.items[0];
  if (!found) throw new Error(`There is no ${email}.`);
  return found;
};
const choose = (id: string, choice: object) => owner.call<Import>("PATCH", `/imports/${id}`, choice);

const header = "First name,Last name,Email,Groups\n";
const people = `${header}Anna,Berg,anna@northwind.example,Staff\nBela,Cruz,bela@northwind.example,Staff; Sales\nCara,Diaz,cara@northwind.example,\n`;

/** Imported with its mail held, so that nothing goes out by itself. */
async function imported(content: string, choice: object = {}) {
  const { id } = await checkFiles(owner, fileOf(content));
  await choose(id, { createMissingGroups: true, mail: { when: "hold" }, ...choice });
  const finished = await applyImport(owner, id);
  expect(finished.state).toBe("finished");
  return finished;
}

const planOf = async (id: string) => (await owner.call<UndoPlan>("GET", `/imports/${id}/undo`)).body;

describe("undoing an import", () => {
  test("is a plan first; then it is as if nobody had been made, and the same file is imported anew", async () => {
    const before = await stateOfTenant();
    const { id } = await imported(people);
    expect(await planOf(id)).toMatchObject({
      erase: 3,
      restore: 0,
      withdraw: 3,
      removeGroups: 2,
      conflicts: [],
    });
    const undone = await undoImport(owner, id);
    expect(undone).toMatchObject({ state: "undone", canUndo: false, counts: { undone: 3, invited: 0 } });
    expect(undone.messages).toMatchObject({ withdrawn: 3, held: 0 });
    expect(await stateOfTenant()).toEqual(before);
    expect(await imported(people)).toMatchObject({ counts: { invited: 3 } });
    expect(shortly(await owner.call("GET", `/imports/${id}/undo`))).toBe("409 import.cannot_undo");
  });

  test("gives back old names and groups, field by field", async () => {
    await imported(people);
    const before = await stateOfTenant();
    const { id, counts } = await imported(
      `${header}Anne,Bergh,anna@northwind.example,Night\nBela,Cruz,bela@northwind.example,Sales\nDora,Ek,dora@northwind.example,Night\n`,
      { existing: "replace_groups" },
    );
    expect(counts).toMatchObject({ updated: 2, invited: 1 });
    expect(await stateOfTenant()).not.toEqual(before);
    expect(await planOf(id)).toMatchObject({ erase: 1, restore: 2, removeGroups: 1 });
    await undoImport(owner, id);
    expect(await stateOfTenant()).toEqual(before);
  });

  test("gives back old languages, but not where people have chosen another since", async () => {
    const speaking = (...languages: string[]) =>
      `First name,Last name,Email,Language\n${["anna", "bela", "cara"]
        .map((name, at) => `${name},Berg,${name}@northwind.example,${languages[at]}`)
        .join("\n")}\n`;
    await imported(speaking("de", "", "es"));
    const { id, counts } = await imported(speaking("en", "Spanisch", ""), { existing: "replace_groups" });
    expect(counts).toMatchObject({ updated: 3 });
    const languages = async () =>
      (
        await query<{ language: string | null }>(
          "select language from users where tenant_id = $1 and role = 'member' order by email_key",
        )
      ).map(({ language }) => language);
    expect(await languages()).toEqual(["en", "es", null]);
    const bela = await person("bela@");
    await owner.call("PATCH", `/users/${bela.id}`, { version: bela.version, language: "de" });
    expect((await planOf(id)).conflicts).toMatchObject([{ code: "partly_changed", rows: 1 }]);
    await undoImport(owner, id);
    expect(await languages()).toEqual(["de", "de", "es"]);
  });

  test("leaves alone whoever signed in, was changed or deleted since, and says so", async () => {
    const { id } = await imported(
      `${people}Dora,Ek,dora@northwind.example,\nEve,Fox,eve@northwind.example,\n`,
    );
    const [anna, bela, cara, dora] = await Promise.all(["anna@", "bela@", "cara@", "dora@"].map(person));
    await query(
      "update users set last_sign_in_at = now(), status = 'active' where tenant_id = $1 and id = $2",
      [anna?.id],
    );
    await owner.call("PATCH", `/users/${bela?.id}`, { version: 1, firstName: "Béla" });
    const { body: group } = await owner.call<{ id: string }>("POST", "/groups", { name: "Choir" });
    await owner.call("POST", `/groups/${group.id}/members`, { add: [cara?.id], remove: [] });
    await owner.call("DELETE", `/users/${dora?.id}`);

    const plan = await planOf(id);
    expect(plan).toMatchObject({ erase: 1, removeGroups: 0 });
    expect(plan.conflicts.map(({ code, rows }) => [code, rows])).toEqual([
      ["changed", 2],
      ["gone", 1],
      ["signed_in", 1],
    ]);
    const conflicts = await owner.call<{ items: { rowNo: number; userId: string | null }[] }>(
      "GET",
      `/imports/${id}/undo/conflicts?limit=3`,
    );
    expect(conflicts.body.items.map((row) => row.rowNo)).toEqual([2, 3, 4]);
    const undone = await undoImport(owner, id);
    expect(undone.counts).toMatchObject({ undone: 1, kept: 4 });
    expect((await person("bela@")).firstName).toBe("Béla");
    expect((await rowsOfImport(owner, id)).map((row) => row.problems[0]?.message ?? "")).toEqual([
      expect.stringMatching(/signed in/),
      expect.stringMatching(/changed since/),
      expect.stringMatching(/changed since/),
      expect.stringMatching(/deleted since/),
      expect.stringMatching(/erased this person/),
    ]);
  });

  test("a name changed since stays, everything else of that person is given back", async () => {
    await imported(people);
    const { id } = await imported(`${header}Anne,Bergh,anna@northwind.example,Night\n`, {
      existing: "add_groups",
    });
    const anna = await person("anna@");
    await owner.call("PATCH", `/users/${anna.id}`, { version: anna.version, firstName: "Annika" });
    expect((await planOf(id)).conflicts).toMatchObject([{ code: "partly_changed", rows: 1 }]);
    await undoImport(owner, id);
    const [row] = await query(
      `select u.first_name, u.last_name, array(select g.name from memberships m join groups g on g.tenant_id = m.tenant_id
          and g.id = m.group_id where m.tenant_id = $1 and m.user_id = u.id) as groups
         from users u where u.tenant_id = $1 and u.email_key = 'anna@northwind.example'`,
    );
    expect(row).toEqual({ first_name: "Annika", last_name: "Berg", groups: ["Staff"] });
  });

  test("a plan that is no longer true is refused; pressed twice it runs once", async () => {
    const { id } = await imported(people);
    const { hash } = await planOf(id);
    await owner.call("DELETE", `/users/${(await person("anna@")).id}`);
    expect(shortly(await owner.call("POST", `/imports/${id}/undo`, { planHash: hash }))).toBe(
      "409 import.plan_changed",
    );
    const planHash = (await planOf(id)).hash;
    const pressed = await Promise.all(
      [1, 2].map(() => owner.call("POST", `/imports/${id}/undo`, { planHash })),
    );
    for (const answer of pressed) expect([202, 409]).toContain(answer.status);
    await importIn(owner, id, "undone");
    const events = await query("select from audit_events where tenant_id = $1 and action = 'import.undone'");
    expect(events).toHaveLength(1);
  });

  test("what was done before Cancel can be undone", async () => {
    const before = await stateOfTenant();
    const rows = Array.from({ length: 12_000 }, (_, n) => `F,L,c${n}@northwind.example,`).join("\n");
    const { id } = await checkFiles(owner, fileOf(`${header}${rows}\n`));
    await choose(id, { mail: { when: "hold" } });
    await press(owner, id);
    const some = () => query("select from users where tenant_id = $1 and email_key like 'c%' limit 1");
    await until(async () => (await some()).length > 0, "the first batch");
    await owner.call("POST", `/imports/${id}/cancel`);
    const cancelled = await importIn(owner, id, "cancelled", "finished");
    expect(cancelled.canUndo).toBe(true);
    await undoImport(owner, id);
    expect(await stateOfTenant()).toEqual(before);
  });

  test("whoever may not change somebody does not undo a change of theirs", async () => {
    const admin = await tenant.person("administrator");
    const { id } = await imported(`${header}Other,Name,${admin.email},\n`, { existing: "add_groups" });
    const assistant = await tenant.person("user_administrator");
    const { body } = await assistant.call<UndoPlan>("GET", `/imports/${id}/undo`);
    const refused = await assistant.call("POST", `/imports/${id}/undo`, { planHash: body.hash });
    expect(shortly(refused)).toBe("403 user.not_yours_to_change");
  });
});

describe("mail on your terms", () => {
  const states = async () =>
    Object.fromEntries(
      (
        await query<{ state: string; messages: number }>(
          "select state, count(*)::int as messages from messages where tenant_id = $1 group by state order by state",
        )
      ).map((row) => [row.state, row.messages]),
    );

  test("held until it is released, first to one group; a month later the invitation is still good", async () => {
    const { id } = await imported(people);
    expect(await states()).toEqual({ held: 3 });
    await query("update links set expires_at = now() - interval '1 day' where tenant_id = $1");
    const { body: groups } = await owner.call<{ items: { id: string; name: string }[] }>("GET", "/groups");
    const sales = groups.items.find((group) => group.name === "Sales");
    const first = await owner.call<{ released: number }>("POST", `/imports/${id}/mail/release`, {
      groupId: sales?.id,
    });
    expect(first.body.released).toBe(1);
    await until(async () => (await states()).accepted === 1, "Bela's email");
    expect(await states()).toEqual({ accepted: 1, held: 2 });
    expect(
      (await owner.call<{ released: number }>("POST", `/imports/${id}/mail/release`, {})).body.released,
    ).toBe(2);
    await until(async () => (await states()).accepted === 3, "all emails");
    const good = await query("select from links where tenant_id = $1 and expires_at > now()");
    expect(good).toHaveLength(3);
  });

  test("a created person's held email waits for its password and goes when both are there", async () => {
    const { id } = await imported(
      "First name,Last name,Email,Password\nAnna,Berg,anna@northwind.example,quiet river stone\n",
    );
    await until(
      async () =>
        (
          await query(
            "select from credentials where tenant_id = $1 and temporary and password_hash is not null",
          )
        ).length === 1,
      "the hash",
    );
    expect(await states()).toEqual({ held: 1 });
    await owner.call("POST", `/imports/${id}/mail/release`, {});
    await until(async () => (await states()).accepted === 1, "the email");
  });

  test("scheduled: it waits for its time, and a time that has passed is refused", async () => {
    const { id } = await checkFiles(owner, fileOf(people));
    const past = {
      when: "schedule",
      at: new Date(Date.now() - 60_000).toISOString(),
      timeZone: "Europe/Berlin",
    };
    expect(shortly(await choose(id, { mail: past }))).toBe("422 import.mail_time");
    const at = new Date(Date.now() + 86_400_000);
    await choose(id, { createMissingGroups: true, mail: { ...past, at: at.toISOString() } });
    await applyImport(owner, id);
    expect(await states()).toEqual({ queued: 3 });
    expect(await query("select distinct due_at from messages where tenant_id = $1")).toEqual([
      { due_at: at },
    ]);
  });

  test("only the failed are written to again", async () => {
    const { id } = await imported(people);
    const anna = await person("anna@");
    await query(
      "update messages set state = 'refused', finished_at = now() where tenant_id = $1 and user_id = $2",
      [anna.id],
    );
    const answer = await owner.call<{ retried: number }>("POST", `/imports/${id}/mail/retry`);
    expect(answer.body.retried).toBe(1);
    await until(async () => (await states()).accepted === 1, "the new email");
    expect(await states()).toEqual({ accepted: 1, refused: 1, held: 2 });
  });
});

describe("leavers", () => {
  const sweep = () =>
    importJobs.find((job) => job.name === "imports.sweep")?.run({}, installation.services) ??
    Promise.resolve();
  type Leavers = { items: { userId: string; email: string; ticked: boolean }[]; nextCursor: string | null };
  const leaversOf = async (id: string, query = "") =>
    (await owner.call<Leavers>("GET", `/imports/${id}/leavers${query}`)).body;
  const missing = async (id: string) => (await leaversOf(id)).items.map((one) => one.email).sort();
  const tick = (id: string, body: object) => owner.call<Import>("POST", `/imports/${id}/leavers`, body);
  const suspended = async () =>
    (
      await query<{ email_key: string }>(
        "select email_key from users where tenant_id = $1 and status = 'suspended' order by 1",
      )
    ).map((row) => row.email_key);

  test("people of the same source missing from the file are listed, and suspended when the days of grace are over", async () => {
    await imported(people, { source: "Register" });
    await imported(`${header}Hand,Made,hand@northwind.example,\n`);
    const { id } = await checkFiles(
      owner,
      fileOf(`${header}Anna,Berg,anna@northwind.example,\nZoe,Zed,zoe@northwind.example,\n`),
    );
    const named = (await choose(id, { source: "Register", leaversGraceDays: 3 })).body;
    expect(named.leavers).toEqual({ missing: 2, ticked: 0, graceDays: 3, suspended: 0, unreadable: 0 });
    expect(named.seatBelt).toBeNull();
    expect(await missing(id)).toEqual(["bela@northwind.example", "cara@northwind.example"]);
    const plan = (await tick(id, { ticked: true })).body;
    expect(plan.leavers).toMatchObject({ missing: 2, ticked: 2 });
    expect(plan.planHash).not.toBe(named.planHash);
    expect(plan.seatBelt?.reasons.map((reason) => reason.code)).toContain("leavers");
    await applyImport(owner, id);
    await sweep();
    expect(await suspended()).toEqual([]);
    // Back in time for the next file: she stays.
    await imported(`${header}Bela,Cruz,bela@northwind.example,\n`, { source: "Register" });
    await query(
      "update import_leavers set suspend_at = now() - interval '1 hour' where tenant_id = $1 and suspend_at is not null",
    );
    await sweep();
    await until(async () => (await suspended()).length > 0, "somebody to be suspended");
    expect(await suspended()).toEqual(["cara@northwind.example"]);
    expect(await planOf(id)).toMatchObject({ reactivate: 1 });
    await undoImport(owner, id);
    expect(await suspended()).toEqual([]);
  });

  test("only who is ticked is suspended; ticks survive a plan made anew, and other ticks are another plan", async () => {
    await imported(people, { source: "Register" });
    const { id } = await checkFiles(owner, fileOf(`${header}Anna,Berg,anna@northwind.example,\n`));
    await choose(id, { source: "Register", leaversGraceDays: 0 });
    const { items } = await leaversOf(id);
    const [bela, cara] = items.map((one) => one.userId);
    const first = (await tick(id, { ticked: true, userIds: [bela] })).body;
    await tick(id, { ticked: false, userIds: [bela] });
    const second = (await tick(id, { ticked: true, userIds: [cara] })).body;
    expect(second.planHash).not.toBe(first.planHash);
    expect((await choose(id, { existing: "add_groups" })).body.leavers).toMatchObject({ ticked: 1 });
    expect((await leaversOf(id, "?search=Cara&limit=1")).items).toMatchObject([
      { userId: cara, ticked: true },
    ]);
    const page = await leaversOf(id, "?limit=1");
    expect(page.items).toMatchObject([{ userId: bela }]);
    expect((await leaversOf(id, `?limit=1&cursor=${page.nextCursor}`)).items).toMatchObject([
      { userId: cara },
    ]);
    await applyImport(owner, id);
    await sweep();
    // The clock's own sweep may be at it.
    await until(async () => (await suspended()).length > 0, "somebody to be suspended");
    expect(await suspended()).toEqual(["cara@northwind.example"]);
    expect((await tick(id, { ticked: true })).status).toBe(409);
  });

  test("without a source nobody is missing", async () => {
    await imported(people);
    const { id, leavers } = await checkFiles(owner, fileOf(`${header}Zoe,Zed,zoe@northwind.example,\n`));
    expect(leavers).toBeNull();
    expect((await choose(id, { source: "Another" })).body.leavers).toMatchObject({ missing: 0 });
  });
});

test("a user's page tells which row of which file they came from, and who imported it", async () => {
  const { id } = await imported(people);
  const anna = await person("anna@");
  const { body } = await owner.call("GET", `/users/${anna.id}/provenance`);
  expect(body).toMatchObject({
    items: [{ importId: id, fileName: "people.csv", rowNo: 2, outcome: "invited", by: "Test owner" }],
  });
});
