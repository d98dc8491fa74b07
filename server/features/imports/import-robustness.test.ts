import { Readable } from "node:stream";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Context, Door } from "#server/context.ts";
import { shortly } from "#tests/support/at-once.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { fillDisk, freeDisk } from "#tests/support/rough-door.ts";
import { fileOf, press, rowsOfImport, uploadFiles } from "#tests/support/run-import.ts";
import { type TestTenant, testTenant } from "#tests/support/tenant.ts";
import { until } from "#tests/support/until.ts";
import { applyImport } from "./apply-import.ts";
import { CheckStopped, checkImport, failImport } from "./check-import.ts";
import type { Import, UndoPlan } from "./contract.ts";
import { importJobs } from "./jobs.ts";
import { receiveUpload } from "./receive-upload.ts";

let installation: TestInstallation;
/** Each test has a tenant of its own; no job runs unless a test runs it. */
let tenant: TestTenant;
let door: Door;

beforeAll(async () => {
  installation = await testInstallation({ IMPORT_MAX_MIB: "4", LOG_LEVEL: "silent" });
});
afterAll(() => installation?.close());

async function newTenant() {
  tenant = await testTenant(installation);
  const opened = await installation.services.door(tenant.id);
  if (!opened) throw new Error("There is no such tenant.");
  door = opened;
}

const one = "First name,Last name,Email,Groups\nAnna,Berg,anna@northwind.example,\n";
const upload = (content: string | Buffer = one) => uploadFiles(tenant.owner, [fileOf(content)]);
const see = async (id: string) => (await tenant.owner.call<Import>("GET", `/imports/${id}`)).body;
const check = (id: string) => checkImport(door, id, () => false);
const query = (text: string, values: unknown[] = []) =>
  installation.database.query<Record<string, unknown>>(text, values);
const job = (name: string, payload = {}, services = installation.services) =>
  importJobs.find((found) => found.name === name)?.run({ tenantId: tenant.id, ...payload }, services);

/** A door that tells with which values rows are stored. */
const watchingInserts = (note: (values: readonly unknown[]) => void): Door => ({
  ...door,
  run: (work) =>
    door.run((ctx) => {
      const run: typeof ctx.tx.run = (text, values) => {
        if (text.includes("insert into import_rows")) note(values ?? []);
        return ctx.tx.run(text, values);
      };
      return work({ ...ctx, tx: { ...ctx.tx, run } });
    }),
});

async function checked(content: string | Buffer) {
  const id = await upload(content);
  await check(id);
  return see(id);
}

async function applied(id: string, through = door) {
  expect((await press(tenant.owner, id)).status).toBe(202);
  await applyImport(through, id, () => false);
  return see(id);
}

const makeGroup = (name: string) => tenant.owner.call("POST", "/groups", { name });
const groupNames = async () =>
  (await query("select name from groups where tenant_id = $1 order by name", [tenant.id])).map(
    (row) => row.name,
  );
const membersOf = async (name: string) =>
  (
    await query(
      `select u.email from memberships m join groups g on g.tenant_id = m.tenant_id and g.id = m.group_id
         join users u on u.tenant_id = m.tenant_id and u.id = m.user_id where m.tenant_id = $1 and g.name = $2`,
      [tenant.id, name],
    )
  ).map((row) => row.email);

describe("checking", () => {
  test("a check that died three times fails the import in words and is not begun again", async () => {
    await newTenant();
    const id = await upload();
    let calls = 0;
    const dying: Door = {
      ...door,
      run: (work) => (calls++ % 2 === 0 ? door.run(work) : Promise.reject(new Error("killed"))),
    };
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(checkImport(dying, id, () => false)).rejects.toThrow("killed");
    }
    await job("imports.check");
    expect(await see(id)).toMatchObject({
      state: "failed",
      problem: expect.stringMatching(/stopped 3 times/),
    });
    expect(await query("select from import_chunks where import_id = $1", [id])).toEqual([]);
  });

  test("a lost connection is no death, however often: the upload is kept and read again", async () => {
    await newTenant();
    const id = await upload();
    const { services } = installation;
    const lost = async () => ({
      ...door,
      run: <T>(work: (ctx: Context) => Promise<T>) =>
        door.run(async (ctx) => {
          const run: typeof ctx.tx.run = (text, values) => {
            if (!text.includes("insert into import_rows")) return ctx.tx.run(text, values);
            throw Object.assign(new Error("terminating connection"), { code: "57P01" });
          };
          return work({ ...ctx, tx: { ...ctx.tx, run } });
        }),
    });
    for (let time = 0; time < 5; time++) {
      await job("imports.check", {}, { ...services, door: lost });
      expect(await see(id)).toMatchObject({
        state: "checking",
        trouble: expect.stringMatching(/connection.*lost.*Nothing was imported/),
      });
      expect(await query("select check_attempts from imports where id = $1", [id])).toEqual([
        { check_attempts: 0 },
      ]);
      await query("update imports set retry_at = now() where id = $1", [id]);
    }
    await job("imports.check");
    expect(await see(id)).toMatchObject({ state: "checked", toApply: 1, trouble: null });
  });

  test("a server that is stopped in order does not count", async () => {
    await newTenant();
    const id = await upload();
    for (let attempt = 0; attempt < 4; attempt++) {
      await expect(checkImport(door, id, () => true)).rejects.toThrow(CheckStopped);
    }
    await check(id);
    expect(await see(id)).toMatchObject({ state: "checked", toApply: 1 });
  });

  test("rows with much to say are stored a few at a time", async () => {
    await newTenant();
    const bad = `${"x".repeat(250)}\u0001;`.repeat(12);
    const rows = Array.from({ length: 3000 }, (_, n) => `A,B,c${n}@northwind.example,${bad}`);
    const [groups, mostBytes] = ["G".repeat(90), 6 * 1024 * 1024];
    const id = await upload(
      `First name,Last name,Email,Groups (${groups})\n${rows.join("\n")}`.slice(0, 4_000_000),
    );
    const sizes: number[] = [];
    const watching = watchingInserts((values) => sizes.push(JSON.stringify(values).length));
    await checkImport(watching, id, () => false);
    expect(sizes.length).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThan(mostBytes);
  });

  test("rows are stored a thousand a statement: whoever asks the server for something gets a turn in between", async () => {
    await newTenant();
    const rows = Array.from({ length: 2500 }, (_, n) => `A,B,t${n}@northwind.example,`);
    const id = await upload(`First name,Last name,Email,Groups\n${rows.join("\n")}`);
    const stored: number[] = [];
    await checkImport(
      watchingInserts(([, , , rowNos]) => stored.push(String(rowNos).split(",").length)),
      id,
      () => false,
    );
    expect(stored).toEqual([1000, 1000, 500]);
    expect(await see(id)).toMatchObject({ state: "checked", toApply: 2500 });
  });

  test("somebody else's work on the statistics holds no check up", async () => {
    await newTenant();
    const id = await upload();
    const client = new pg.Client(installation.database.connection.superuser);
    await client.connect();
    try {
      await client.query("begin; lock table muster.import_rows in share update exclusive mode");
      await check(id);
      expect(await see(id)).toMatchObject({ state: "checked", toApply: 1 });
    } finally {
      await client.end();
    }
  });

  test("the lock on the table is gone before the rows are decided", async () => {
    await newTenant();
    const id = await upload();
    const held: unknown[] = [];
    const watching: Door = {
      ...door,
      run: (work) =>
        door.run(async (ctx) => {
          const result = await work(ctx);
          const locks = await ctx.tx.rows(
            `select from pg_locks where pid = pg_backend_pid() and relation = 'muster.import_rows'::regclass
                and mode = 'ShareUpdateExclusiveLock'`,
          );
          if (locks.length > 0) held.push(await ctx.tx.row("select state from imports where id = $1", [id]));
          return result;
        }),
    };
    await checkImport(watching, id, () => false);
    expect(held).toEqual([{ state: "checking" }]);
  });

  test("a check that failed after somebody cancelled leaves the import cancelled", async () => {
    await newTenant();
    const id = await upload();
    await tenant.owner.call("POST", `/imports/${id}/cancel`);
    await door.run((ctx) => failImport(ctx, id, "It did not work."));
    expect(await see(id)).toMatchObject({ state: "cancelled", problem: null });
  });

  test("cancelled and wiped at any moment, a check leaves nothing behind", async () => {
    await newTenant();
    const content =
      "First name,Last name,Email,Password,Code\nAnna,Berg,anna@x.example,quiet river stone,secret\n";
    for (const file of [content, content.replace("Email", "Where"), `${content}"`]) {
      for (let at = 1; ; at++) {
        const id = await upload(file);
        let runs = 0;
        const disturbed: Door = {
          ...door,
          run: async (work) => {
            if (++runs === at) {
              await tenant.owner.call("POST", `/imports/${id}/cancel`);
              await job("imports.wipe");
            }
            return door.run(work);
          },
        };
        await checkImport(disturbed, id, () => false).catch((error) => {
          if (!(error instanceof CheckStopped)) expect(runs).toBeGreaterThanOrEqual(at);
        });
        if (runs < at) break;
        const left = `select id from imports where tenant_id = $1 and id = $2 and (not wiped
          or exists (select from import_chunks c where c.import_id = id)
          or exists (select from import_files f where f.import_id = id and sealed_samples is not null)
          or exists (select from import_rows r where r.import_id = id and sealed_password is not null))`;
        expect(await query(left, [tenant.id, id]), `disturbed at ${at} of ${file}`).toEqual([]);
      }
    }
  });

  test("of a file that was not read nothing is kept when it is wiped, not even its headings", async () => {
    await newTenant();
    for (const file of ["Anna Berg,quiet-river-1\nBela Cruz,quiet-river-2\n", "Anna Berg,quiet-river-1\n"]) {
      const { id, files } = await checked(file);
      expect(files[0]?.problem).toContain("quiet-river-1");
      await tenant.owner.call("POST", `/imports/${id}/cancel`);
      await job("imports.wipe");
      const kept = await query("select * from import_files where tenant_id = $1 and import_id = $2", [
        tenant.id,
        id,
      ]);
      expect(JSON.stringify(kept)).not.toContain("quiet-river");
      expect((await see(id)).files[0]?.problem).toMatch(/headings/);
    }
  });

  test("NUL in a header of a UTF-16 file is no failure of ours", async () => {
    await newTenant();
    const text = "First name,Last name,Email,\0Note\nA\0,B,a@x.example,\nC,D,c@x.example,\n";
    const found = await checked(Buffer.from(`\ufeff${text}`, "utf16le"));
    expect(found).toMatchObject({ state: "checked", counts: { ready: 1, problem: 1 } });
  });
});

describe("uploading", () => {
  const mib = Buffer.alloc(1024 * 1024, "a");
  const chunks = async () =>
    (await query("select chunk_no from import_chunks where tenant_id = $1", [tenant.id])).length;
  const receive = (content: AsyncIterable<Buffer>) =>
    tenant
      .run((ctx) => Promise.resolve(ctx))
      .then((ctx) =>
        receiveUpload(
          { ...door, actor: ctx.actor },
          (async function* () {
            yield { name: "slow.csv", content: Readable.from(content) };
          })(),
        ),
      );
  const longAgo = () =>
    query("update imports set updated_at = now() - interval '3 hours' where tenant_id = $1", [tenant.id]);

  test("a slow upload that goes on is not given up", async () => {
    await newTenant();
    async function* slow() {
      yield Buffer.concat([Buffer.from(one), mib]);
      await until(async () => (await chunks()) === 1, "the first piece");
      await longAgo();
      yield mib;
      await until(async () => (await chunks()) === 2, "the second piece");
      await job("imports.sweep");
    }
    const { id } = await receive(slow());
    expect(await see(id)).toMatchObject({ state: "checking", problem: null });
  });

  test("one that was given up stays given up, and nothing of what came later is kept", async () => {
    await newTenant();
    async function* stuck() {
      yield Buffer.concat([Buffer.from(one), mib]);
      await until(async () => (await chunks()) === 1, "the first piece");
      await longAgo();
      await job("imports.sweep");
      expect(await chunks()).toBe(0);
      yield mib;
    }
    await expect(receive(stuck())).rejects.toMatchObject({ code: "import.upload_given_up" });
    expect(await chunks()).toBe(0);
    expect(await query("select state, wiped from imports where tenant_id = $1", [tenant.id])).toEqual([
      { state: "cancelled", wiped: true },
    ]);
  });

  test.each([
    ["whole", 0, one],
    ["end", 1, `${one}${"A,B,c@x.example,\n".repeat(80_000)}`],
  ])(
    "a missing piece, the %s, is said, and never passes for the end of the file",
    async (_what, chunkNo, content) => {
      await newTenant();
      const id = await upload(content);
      await query("delete from import_chunks where import_id = $1 and chunk_no = $2", [id, chunkNo]);
      await job("imports.check");
      expect(await see(id)).toMatchObject({
        state: "failed",
        problem: expect.stringMatching(/piece.*is missing/),
      });
    },
  );

  test("the eleventh import that nobody applied is refused; a cancelled one makes room", async () => {
    await newTenant();
    const ids = [];
    for (let n = 0; n < 10; n++) ids.push(await upload());
    const refused = await tenant.owner.upload("/imports", [fileOf(one)]);
    expect(shortly(refused)).toBe("409 import.too_many_open");
    expect((refused.body as { detail: string }).detail).toMatch(/Import or cancel one/);
    await tenant.owner.call("POST", `/imports/${ids[3]}/cancel`);
    expect((await tenant.owner.upload("/imports", [fileOf(one)])).status).toBe(202);
  });

  test("files that are too large together are refused, and nothing of them is kept", async () => {
    await newTenant();
    const half = fileOf(`${one}${"A,B,c@x.example,\n".repeat(160_000)}`);
    const refused = await tenant.owner.upload("/imports", [half, half]);
    expect(shortly(refused)).toBe("413 import.file_too_large");
    expect((refused.body as { detail: string }).detail).toMatch(/together are larger than 4 MiB/);
    expect(await chunks()).toBe(0);
  });

  const send = (payload: string, type = "multipart/form-data; boundary=b") =>
    installation.http.inject({
      method: "POST",
      url: `/api/v1/t/${tenant.slug}/imports`,
      payload,
      headers: { cookie: tenant.owner.cookie, "content-type": type },
    });
  const part = (n: number) =>
    `--b\r\ncontent-disposition: form-data; name="f${n}"; filename="f${n}.csv"\r\n\r\n${one}\r\n`;

  test.each([
    ["that breaks off", part(1), undefined, "import.upload_broken"],
    ["that breaks off in its head", "--b\r\ncontent-disposition: form-da", undefined, "import.upload_broken"],
    ["without a boundary", part(1), "multipart/form-data", "import.upload_broken"],
    [
      "of 25 files",
      `${Array.from({ length: 25 }, (_, n) => part(n)).join("")}--b--\r\n`,
      undefined,
      "import.too_many_files",
    ],
  ])("a form %s is refused in words", async (_what, payload, type, code) => {
    await newTenant();
    const answer = await send(payload, type);
    expect([answer.statusCode, answer.json().code]).toEqual([400, code]);
    expect(await chunks()).toBe(0);
  });

  test("a part without a file name is a file all the same", async () => {
    await newTenant();
    const head =
      'content-disposition: form-data; name="files"\r\ncontent-type: application/octet-stream\r\n\r\n';
    const answer = await send(`--b\r\n${head}${one}\r\n--b--\r\n`);
    expect(answer.statusCode).toBe(202);
    expect(answer.json<Import>().files[0]?.name).toBe("file.csv");
  });
});

describe("a full disk", () => {
  const intoNew = "First name,Last name,Email,Groups\nAnna,Berg,anna@northwind.example,Fresh\n";
  async function withFullDisk<T>(table: string, work: () => T): Promise<Awaited<T>> {
    await fillDisk(installation.database, table, 0);
    try {
      return await work();
    } finally {
      await freeDisk(installation.database, table);
    }
  }
  const retryNow = (id: string) => query("update imports set retry_at = now() where id = $1", [id]);
  const sinceYesterday = (id: string) =>
    query("update imports set retry_at = now(), trouble_since = now() - interval '25 hours' where id = $1", [
      id,
    ]);
  const wakes = (name: string) =>
    query("select run_at > now() as later from graphile_worker.jobs where key = $1", [
      `${name}:${tenant.id}:later`,
    ]);
  async function pressed() {
    const { id } = await checked(intoNew);
    await tenant.owner.call("PATCH", `/imports/${id}`, { createMissingGroups: true });
    expect((await press(tenant.owner, id)).status).toBe(202);
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
    expect(await query("select from users where tenant_id = $1 and role = 'member'", [tenant.id])).toEqual(
      [],
    );
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
    const { body } = await tenant.owner.call<UndoPlan>("GET", `/imports/${id}/undo`);
    await tenant.owner.call("POST", `/imports/${id}/undo`, { planHash: body.hash });
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
      tenant.owner.upload("/imports", [fileOf(one)]),
    );
    expect(shortly(uploading)).toBe("507 database.disk_full");
    const person = { mode: "invite", firstName: "A", lastName: "B", email: "a@northwind.example" };
    const adding = await withFullDisk("users", () => tenant.owner.call("POST", "/users", person));
    expect(shortly(adding)).toBe("507 database.disk_full");
    expect((adding.body as { detail: string }).detail).toMatch(/disk.*is full\. Nothing was changed/);
    expect((await tenant.owner.call("POST", "/users", person)).status).toBe(201);
  });
});

describe("cancelled right after it was begun", () => {
  test("the groups it had made are gone again; one that somebody is in by now stays", async () => {
    await newTenant();
    const { id } = await checked(
      "First name,Last name,Email,Groups\nA,B,a@northwind.example,Empty\nC,D,c@northwind.example,Used\n",
    );
    await tenant.owner.call("PATCH", `/imports/${id}`, { createMissingGroups: true });
    expect((await press(tenant.owner, id)).status).toBe(202);
    await applyImport(door, id, () => true);
    expect(await groupNames()).toEqual(["Empty", "Used"]);
    const [used] = await query("select id from groups where tenant_id = $1 and name = 'Used'", [tenant.id]);
    const person = { mode: "invite", firstName: "E", lastName: "F", email: "e@northwind.example" };
    await tenant.owner.call("POST", "/users", { ...person, groupIds: [used?.id] });
    const cancelled = await tenant.owner.call<Import>("POST", `/imports/${id}/cancel`);
    expect(cancelled.body).toMatchObject({ state: "cancelled", canUndo: false });
    expect(await groupNames()).toEqual(["Used"]);
    expect(await membersOf("Used")).toEqual(["e@northwind.example"]);
  });
});

describe("the sweep", () => {
  test("looks again before it gives an import up: Import CSV was pressed meanwhile", async () => {
    await newTenant();
    const { id } = await checked(one);
    const stale = [{ tenant_id: tenant.id, id, state: "checked", updated_at: new Date(0) }];
    const asSystem = (() => Promise.resolve(stale)) as never;
    expect((await press(tenant.owner, id)).status).toBe(202);
    const { services } = installation;
    await job("imports.sweep", {}, { ...services, database: { ...services.database, asSystem } });
    expect((await see(id)).state).toBe("applying");
  });

  test("finds a cancelled import whose upload is still there, until it is not", async () => {
    await newTenant();
    const { id } = await checked(
      "First name,Last name,Email,Password\nAnna,Berg,anna@northwind.example,quiet river stone\n",
    );
    await tenant.owner.call("POST", `/imports/${id}/cancel`);
    const asked: string[] = [];
    const services = {
      ...installation.services,
      enqueue: async (name: string, payload: Record<string, string>) => {
        if (payload.tenantId === tenant.id) asked.push(name);
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

describe("groups", () => {
  test("that only rows with problems name are neither offered nor created", async () => {
    await newTenant();
    const found = await checked(
      "First name,Last name,Email,Groups\nA,B,a@northwind.example,Real\n,B,b@northwind.example,Ghost\nC,D,a@northwind.example,Twice\n",
    );
    expect(found.unknownGroups.map(({ name, rows }) => [name, rows])).toEqual([["Real", 1]]);
    await tenant.owner.call("PATCH", `/imports/${found.id}`, { createMissingGroups: true });
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
    expect((await rowsOfImport(tenant.owner, found.id))[0]?.problems).toMatchObject([{ code: "semicolon" }]);
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
