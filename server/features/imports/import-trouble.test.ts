import { describe, expect, test } from "vitest";
import { shortly } from "#tests/support/at-once.ts";
import { importsByHand, one } from "#tests/support/imports-by-hand.ts";
import { fillDisk, freeDisk } from "#tests/support/rough-door.ts";
import { fileOf, press, rowsOfImport } from "#tests/support/run-import.ts";
import { applyImport } from "./apply-import.ts";
import type { Import, UndoPlan } from "./contract.ts";

const desk = importsByHand({ IMPORT_MAX_MIB: "4" });
const { newTenant, upload, see, query, job, checked, applied, makeGroup, groupNames, membersOf } = desk;

describe("a full disk", () => {
  const intoNew = "First name,Last name,Email,Groups\nAnna,Berg,anna@northwind.example,Fresh\n";
  async function withFullDisk<T>(table: string, work: () => T): Promise<Awaited<T>> {
    await fillDisk(desk.installation.database, table, 0);
    try {
      return await work();
    } finally {
      await freeDisk(desk.installation.database, table);
    }
  }
  const retryNow = (id: string) => query("update imports set retry_at = now() where id = $1", [id]);
  const sinceYesterday = (id: string) =>
    query("update imports set retry_at = now(), trouble_since = now() - interval '25 hours' where id = $1", [
      id,
    ]);
  const wakes = (name: string) =>
    query("select run_at > now() as later from graphile_worker.jobs where key = $1", [
      `${name}:${desk.tenant.id}:later`,
    ]);
  async function pressed() {
    const { id } = await checked(intoNew);
    await desk.tenant.owner.call("PATCH", `/imports/${id}`, { createMissingGroups: true });
    expect((await press(desk.tenant.owner, id)).status).toBe(202);
    return id;
  }

  test("while a file is read keeps the upload, says so, and is over when there is room again", async () => {
    await newTenant();
    const id = await upload();
    await withFullDisk("import_rows", () => job("imports.check"));
    expect(await see(id)).toMatchObject({
      state: "checking",
      problem: null,
      trouble: expect.stringMatching(
        /^The database's disk is full\. Nothing was imported\. Muster keeps the files/,
      ),
    });
    expect(await wakes("imports.check")).toEqual([{ later: true }]);
    await job("imports.check");
    expect(await see(id)).toMatchObject({ state: "checking", rows: 0 });
    await retryNow(id);
    await job("imports.check");
    expect(await see(id)).toMatchObject({ state: "checked", toApply: 1, trouble: null });
  });

  test("while it is applied: nobody is made by halves, those pressed later do not overtake, and it goes on", async () => {
    await newTenant();
    const id = await pressed();
    await withFullDisk("messages", () => job("imports.apply"));
    expect(await see(id)).toMatchObject({
      state: "applying",
      applied: 0,
      trouble: expect.stringMatching(/disk is full\. Nobody was imported yet\. Muster tries to go on/),
    });
    expect(
      await query("select from users where tenant_id = $1 and role = 'member'", [desk.tenant.id]),
    ).toEqual([]);
    expect(await wakes("imports.apply")).toEqual([{ later: true }]);
    await job("imports.apply");
    expect((await see(id)).applied).toBe(0);
    await retryNow(id);
    await job("imports.apply");
    expect(await see(id)).toMatchObject({ state: "finished", counts: { invited: 1 }, trouble: null });
  });

  test("while it is undone: it goes on, however long that takes", async () => {
    await newTenant();
    const { id } = await checked(one);
    await applied(id);
    const { body } = await desk.tenant.owner.call<UndoPlan>("GET", `/imports/${id}/undo`);
    await desk.tenant.owner.call("POST", `/imports/${id}/undo`, { planHash: body.hash });
    for (let time = 0; time < 2; time++) {
      await withFullDisk("import_rows", () => job("imports.apply"));
      expect(await see(id)).toMatchObject({
        state: "undoing",
        trouble: expect.stringMatching(/disk is full\. Nothing was undone yet\. Muster tries to go on/),
      });
      await sinceYesterday(id);
    }
    await job("imports.apply");
    expect(await see(id)).toMatchObject({ state: "undone", counts: { undone: 1 }, trouble: null });
  });

  test("for more than a day: the import is given up in words, and its upload is wiped", async () => {
    await newTenant();
    const id = await upload();
    for (const state of ["checking", "failed"]) {
      await withFullDisk("import_rows", () => job("imports.check"));
      expect((await see(id)).state).toBe(state);
      await sinceYesterday(id);
    }
    expect(await see(id)).toMatchObject({
      trouble: null,
      problem: expect.stringMatching(/disk was full for a day.*Nothing was imported/),
    });
    await job("imports.wipe");
    expect(await query("select from import_chunks where import_id = $1", [id])).toEqual([]);
  });

  test("for more than a day while it is applied: what is done stays, empty groups it made do not", async () => {
    await newTenant();
    const id = await pressed();
    for (const state of ["applying", "cancelled"]) {
      await withFullDisk("messages", () => job("imports.apply"));
      expect((await see(id)).state).toBe(state);
      if (state === "applying") expect(await groupNames()).toEqual(["Fresh"]);
      await sinceYesterday(id);
    }
    expect((await see(id)).problem).toMatch(/full for a day.*Nothing was imported/);
    expect(await groupNames()).toEqual([]);
  });

  test("whoever meets it is told: 507", async () => {
    await newTenant();
    const uploading = await withFullDisk("import_chunks", () =>
      desk.tenant.owner.upload("/imports", [fileOf(one)]),
    );
    expect(shortly(uploading)).toBe("507 database.disk_full");
    const person = { mode: "invite", firstName: "A", lastName: "B", email: "a@northwind.example" };
    const adding = await withFullDisk("users", () => desk.tenant.owner.call("POST", "/users", person));
    expect(shortly(adding)).toBe("507 database.disk_full");
    expect((adding.body as { detail: string }).detail).toMatch(/disk.*is full\. Nothing was changed/);
    expect((await desk.tenant.owner.call("POST", "/users", person)).status).toBe(201);
  });
});

describe("cancelled right after it was begun", () => {
  test("the groups it had made are gone again; one that somebody is in by now stays", async () => {
    await newTenant();
    const { id } = await checked(
      "First name,Last name,Email,Groups\nA,B,a@northwind.example,Empty\nC,D,c@northwind.example,Used\n",
    );
    await desk.tenant.owner.call("PATCH", `/imports/${id}`, { createMissingGroups: true });
    expect((await press(desk.tenant.owner, id)).status).toBe(202);
    await applyImport(desk.door, id, () => true);
    expect(await groupNames()).toEqual(["Empty", "Used"]);
    const [used] = await query("select id from groups where tenant_id = $1 and name = 'Used'", [
      desk.tenant.id,
    ]);
    const person = { mode: "invite", firstName: "E", lastName: "F", email: "e@northwind.example" };
    await desk.tenant.owner.call("POST", "/users", { ...person, groupIds: [used?.id] });
    const cancelled = await desk.tenant.owner.call<Import>("POST", `/imports/${id}/cancel`);
    expect(cancelled.body).toMatchObject({ state: "cancelled", canUndo: false });
    expect(await groupNames()).toEqual(["Used"]);
    const events = await desk.tenant.owner.call<{ items: object[] }>("GET", "/audit?action=group.deleted");
    expect(events.body.items).toMatchObject([
      { actor: { id: desk.tenant.owner.id }, changes: { name: { before: "Empty", after: null } } },
    ]);
    expect(await membersOf("Used")).toEqual(["e@northwind.example"]);
  });
});

describe("the sweep", () => {
  test("looks again before it gives an import up: Import CSV was pressed meanwhile", async () => {
    await newTenant();
    const { id } = await checked(one);
    const stale = [{ tenant_id: desk.tenant.id, id, state: "checked", created_at: new Date(0) }];
    const asSystem = (() => Promise.resolve(stale)) as never;
    expect((await press(desk.tenant.owner, id)).status).toBe(202);
    const { services } = desk.installation;
    await job("imports.sweep", {}, { ...services, database: { ...services.database, asSystem } });
    expect((await see(id)).state).toBe("applying");
  });

  test("finds a cancelled import whose upload is still there, until it is not", async () => {
    await newTenant();
    const { id } = await checked(
      "First name,Last name,Email,Password\nAnna,Berg,anna@northwind.example,quiet river stone\n",
    );
    await desk.tenant.owner.call("POST", `/imports/${id}/cancel`);
    const asked: string[] = [];
    const services = {
      ...desk.installation.services,
      enqueue: async (name: string, payload: Record<string, string>) => {
        if (payload.tenantId === desk.tenant.id) asked.push(name);
      },
    };
    await job("imports.sweep", {}, services);
    expect(asked).toEqual(["imports.wipe"]);
    await job("imports.wipe");
    const left = "select from import_rows where import_id = $1 and sealed_password is not null";
    expect(await query(left, [id])).toEqual([]);
    expect(await query("select from import_chunks where import_id = $1", [id])).toEqual([]);
    await job("imports.sweep", {}, services);
    expect(asked).toEqual(["imports.wipe"]);
  });
});

describe("an upload is kept for a day, whatever its import waits for", () => {
  const secret = "First name,Last name,Email,Password\nAnna,Berg,anna@northwind.example,quiet river stone\n";
  const aDayAgo = (id: string, column: "created_at" | "updated_at") =>
    query(`update imports set ${column} = now() - interval '25 hours' where id = $1`, [id]);
  /** What is left of the files of an import, and of the passwords that were in them. */
  const left = async (id: string) => ({
    chunks: (await query("select from import_chunks where import_id = $1", [id])).length,
    samples: (
      await query("select from import_files where import_id = $1 and sealed_samples is not null", [id])
    ).length,
    passwords: (
      await query("select from import_rows where import_id = $1 and sealed_password is not null", [id])
    ).length,
  });
  const nothing = { chunks: 0, samples: 0, passwords: 0 };
  const suspendTenant = () =>
    query("update tenants set status = 'suspended' where id = $1", [desk.tenant.id]);
  /** Sweeps, and does what is found to be wiped. */
  const sweep = async () => {
    const asked: string[] = [];
    const services = {
      ...desk.installation.services,
      enqueue: async (name: string, payload: Record<string, string>) => {
        if (payload.tenantId === desk.tenant.id) asked.push(name);
      },
    };
    await job("imports.sweep", {}, services);
    if (asked.includes("imports.wipe")) await job("imports.wipe");
    return asked.sort();
  };
  const events = (id: string) =>
    query("select action, actor_kind, details from audit_events where target_id = $1 and action = $2", [
      id,
      "import.given_up",
    ]);

  test("its undo waits for a tenant that is suspended", async () => {
    await newTenant();
    const { id } = await checked(`${secret}Bela,Cruz,bela@northwind.example,quiet river stone\n`);
    await desk.tenant.owner.call("POST", `/imports/${id}/cancel`);
    await query("update imports set state = 'undoing', undo_started_at = now() where id = $1", [id]);
    await suspendTenant();
    expect(await left(id)).toEqual({ chunks: 1, samples: 1, passwords: 2 });
    expect(await sweep()).toEqual(["imports.apply", "imports.wipe"]);
    expect(await left(id)).toEqual(nothing);
    expect(await query("select state from imports where id = $1", [id])).toEqual([{ state: "undoing" }]);
    expect(await sweep()).toEqual(["imports.apply"]);
  });

  test.each(["checking", "checked"])("it is %s; that it was given up is an event", async (state) => {
    await newTenant();
    const { id } = await checked(secret);
    await query("update imports set state = $2 where id = $1", [id, state]);
    await aDayAgo(id, "created_at");
    await sweep();
    await sweep();
    expect(await see(id)).toMatchObject({
      state: "cancelled",
      problem: "Nobody applied this import in time. The uploaded file has been removed.",
    });
    expect(await left(id)).toEqual(nothing);
    expect(await events(id)).toEqual([
      { action: "import.given_up", actor_kind: "system", details: { rows: 1, ready: 1, groups: 0 } },
    ]);
  });

  test("it is applied in a tenant that is suspended: given up, what is done stays", async () => {
    await newTenant();
    const { id } = await checked(secret);
    await press(desk.tenant.owner, id);
    await suspendTenant();
    await aDayAgo(id, "created_at");
    await sweep();
    expect(await left(id)).toEqual({ chunks: 0, samples: 0, passwords: 1 });
    expect(await query("select state from imports where id = $1", [id])).toEqual([{ state: "applying" }]);
    await aDayAgo(id, "updated_at");
    await sweep();
    await sweep();
    expect(await query("select state, problem from imports where id = $1", [id])).toEqual([
      { state: "cancelled", problem: expect.stringMatching(/^For a day .* Nothing was imported/) },
    ]);
    expect(await left(id)).toEqual(nothing);
    expect(await events(id)).toHaveLength(1);
  });

  test("it is applied and gets on: it goes on without its files", async () => {
    await newTenant();
    const { id } = await checked(secret);
    await press(desk.tenant.owner, id);
    await aDayAgo(id, "created_at");
    await sweep();
    expect((await left(id)).chunks).toBe(0);
    await job("imports.apply");
    expect(await see(id)).toMatchObject({ state: "finished", counts: { created: 1 } });
  });
});

describe("groups", () => {
  test("that only rows with problems name are neither offered nor created", async () => {
    await newTenant();
    const found = await checked(
      "First name,Last name,Email,Groups\nA,B,a@northwind.example,Real\n,B,b@northwind.example,Ghost\nC,D,a@northwind.example,Twice\n",
    );
    expect(found.unknownGroups.map(({ name, rows }) => [name, rows])).toEqual([["Real", 1]]);
    await desk.tenant.owner.call("PATCH", `/imports/${found.id}`, { createMissingGroups: true });
    expect((await applied(found.id)).counts).toMatchObject({ invited: 1, problem: 1, duplicate: 1 });
    expect(await groupNames()).toEqual(["Real"]);
  });

  test("a group that somebody creates meanwhile changes the plan, which is looked at again first", async () => {
    await newTenant();
    const found = await checked(
      "First name,Last name,Email,Groups\nA,B,a@northwind.example,\nC,D,c@northwind.example,Later\n",
    );
    expect(found).toMatchObject({ toApply: 1, counts: { ready: 1, unknown_group: 1 } });
    await makeGroup("Later");
    expect(await applied(found.id)).toMatchObject({
      state: "checked",
      drift: expect.stringMatching(/2 to be made \(1 before\)/),
      counts: { ready: 2, invited: 0 },
    });
    expect(await membersOf("Later")).toEqual([]);
    expect((await applied(found.id)).counts).toMatchObject({ invited: 2 });
    expect(await membersOf("Later")).toEqual(["c@northwind.example"]);
  });

  test("what folds to a semicolon lets nobody into two other groups", async () => {
    await newTenant();
    await makeGroup("Interns");
    await makeGroup("Admins");
    const found = await checked(
      "First name,Last name,Email,Groups\nA,B,a@northwind.example,Interns\u037eAdmins\nC,D,c@northwind.example,Interns\n",
    );
    expect((await rowsOfImport(desk.tenant.owner, found.id))[0]?.problems).toMatchObject([
      { code: "semicolon" },
    ]);
    await applied(found.id);
    expect(await membersOf("Admins")).toEqual([]);
  });

  test("of every spelling arrive as they are", async () => {
    await newTenant();
    const names = ['The "A" team, {Oslo}', "back\\slash", "NULL", "'quoted'"];
    for (const name of names) await makeGroup(name);
    const rows = names.map((name, n) => `A,B,a${n}@northwind.example,"${name.replaceAll('"', '""')}"`);
    const found = await checked(`First name,Last name,Email,Groups\n${rows.join("\n")}\n`);
    await applied(found.id);
    for (const [n, name] of names.entries()) {
      expect(await membersOf(name), name).toEqual([`a${n}@northwind.example`]);
    }
  });
});
