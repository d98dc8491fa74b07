import { Readable } from "node:stream";
import pg from "pg";
import { describe, expect, test } from "vitest";
import type { Context, Door } from "#server/context.ts";
import { shortly } from "#tests/support/at-once.ts";
import { importsByHand, one } from "#tests/support/imports-by-hand.ts";
import { fileOf } from "#tests/support/run-import.ts";
import { until } from "#tests/support/until.ts";
import { checkImport, failImport } from "./check-import.ts";
import type { Import } from "./contract.ts";
import { receiveUpload } from "./receive-upload.ts";
import { CheckStopped, whileWanted } from "./while-wanted.ts";

const desk = importsByHand({ IMPORT_MAX_MIB: "4" });
const { newTenant, upload, see, check, query, job, checked } = desk;

/** A door that tells with which values rows are stored. */
const watchingInserts = (note: (values: readonly unknown[]) => void): Door => ({
  ...desk.door,
  run: (work) =>
    desk.door.run((ctx) => {
      const run: typeof ctx.tx.run = (text, values) => {
        if (text.includes("insert into import_rows")) note(values ?? []);
        return ctx.tx.run(text, values);
      };
      return work({ ...ctx, tx: { ...ctx.tx, run } });
    }),
});

describe("checking", () => {
  test("a check that died three times fails the import in words and is not begun again", async () => {
    await newTenant();
    const id = await upload();
    let calls = 0;
    const dying: Door = {
      ...desk.door,
      run: (work) => (calls++ % 2 === 0 ? desk.door.run(work) : Promise.reject(new Error("killed"))),
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
    const events = "select actor_kind from audit_events where target_id = $1 and action = 'import.failed'";
    expect(await query(events, [id])).toEqual([{ actor_kind: "system" }]);
  });

  test("a lost connection is no death, however often: the upload is kept and read again", async () => {
    await newTenant();
    const id = await upload();
    const { services } = desk.installation;
    const lost = async () => ({
      ...desk.door,
      run: <T>(work: (ctx: Context) => Promise<T>) =>
        desk.door.run(async (ctx) => {
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
      await expect(checkImport(desk.door, id, () => true)).rejects.toThrow(CheckStopped);
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
    const client = new pg.Client(desk.installation.database.connection.superuser);
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
      ...desk.door,
      run: (work) =>
        desk.door.run(async (ctx) => {
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
    await desk.tenant.owner.call("POST", `/imports/${id}/cancel`);
    await desk.door.run((ctx) => failImport(ctx, id, "It did not work."));
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
          ...desk.door,
          run: async (work) => {
            if (++runs === at) {
              await desk.tenant.owner.call("POST", `/imports/${id}/cancel`);
              await job("imports.wipe");
            }
            return desk.door.run(work);
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
        expect(await query(left, [desk.tenant.id, id]), `disturbed at ${at} of ${file}`).toEqual([]);
      }
    }
  });

  test("of a file that was not read nothing is kept when it is wiped, not even its headings", async () => {
    await newTenant();
    for (const file of ["Anna Berg,quiet-river-1\nBela Cruz,quiet-river-2\n", "Anna Berg,quiet-river-1\n"]) {
      const { id, files } = await checked(file);
      expect(files[0]?.problem).toContain("quiet-river-1");
      await desk.tenant.owner.call("POST", `/imports/${id}/cancel`);
      await job("imports.wipe");
      const kept = await query("select * from import_files where tenant_id = $1 and import_id = $2", [
        desk.tenant.id,
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

test("rows of which there are no statistics yet are planned as fast as others", async () => {
  await newTenant();
  const file = (who: string, people: number) =>
    `First name,Last name,Email\n${Array.from({ length: people }, (_, n) => `F,L,${who}${n}@northwind.example`).join("\n")}\n`;
  await checked(file("known", 2000));
  const id = await upload(file("fresh", 20_000));
  const door: Door = {
    ...desk.door,
    run: (work) =>
      desk.door.run((ctx) => {
        const run: typeof ctx.tx.run = (text, values) => {
          if (text.includes("analyze_import_rows")) throw new Error("somebody else is at it");
          return ctx.tx.run(text, values);
        };
        return work({ ...ctx, tx: { ...ctx.tx, run } });
      }),
  };
  // Row by row this takes minutes.
  await checkImport(door, id, () => false);
  expect((await see(id)).counts).toMatchObject({ ready: 20_000 });
}, 20_000);

describe("reading that has no end by itself", () => {
  /** As a workbook that goes on inflating: over only when it is interrupted. */
  const endless = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const begin = async (stopped: () => boolean) => {
    await newTenant();
    const importId = await upload();
    await query("update imports set check_attempts = 1 where id = $1", [importId]);
    return { importId, reading: whileWanted(desk.door, { importId, attempt: 1, stopped }, endless) };
  };

  test("is over when somebody presses Cancel", async () => {
    const { importId, reading } = await begin(() => false);
    await desk.tenant.owner.call("POST", `/imports/${importId}/cancel`);
    await expect(reading).rejects.toThrow(CheckStopped);
  });

  test("is over when the server stops, and when another one has begun", async () => {
    let stops = false;
    const { reading } = await begin(() => stops);
    stops = true;
    await expect(reading).rejects.toThrow(CheckStopped);
    const other = await begin(() => false);
    await query("update imports set check_attempts = 2 where id = $1", [other.importId]);
    await expect(other.reading).rejects.toThrow(CheckStopped);
  });
});

describe("uploading", () => {
  const mib = Buffer.alloc(1024 * 1024, "a");
  const chunks = async () =>
    (await query("select chunk_no from import_chunks where tenant_id = $1", [desk.tenant.id])).length;
  const receive = (content: AsyncIterable<Buffer>) =>
    desk.tenant
      .run((ctx) => Promise.resolve(ctx))
      .then((ctx) =>
        receiveUpload(
          { ...desk.door, actor: ctx.actor },
          (async function* () {
            yield { name: "slow.csv", content: Readable.from(content) };
          })(),
        ),
      );
  const longAgo = () =>
    query("update imports set updated_at = now() - interval '3 hours' where tenant_id = $1", [
      desk.tenant.id,
    ]);

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
    expect(await query("select state, wiped from imports where tenant_id = $1", [desk.tenant.id])).toEqual([
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
    const refused = await desk.tenant.owner.upload("/imports", [fileOf(one)]);
    expect(shortly(refused)).toBe("409 import.too_many_open");
    expect((refused.body as { detail: string }).detail).toMatch(/Import or cancel one/);
    await desk.tenant.owner.call("POST", `/imports/${ids[3]}/cancel`);
    expect((await desk.tenant.owner.upload("/imports", [fileOf(one)])).status).toBe(202);
  });

  test("files that are too large together are refused, and nothing of them is kept", async () => {
    await newTenant();
    const half = fileOf(`${one}${"A,B,c@x.example,\n".repeat(160_000)}`);
    const refused = await desk.tenant.owner.upload("/imports", [half, half]);
    expect(shortly(refused)).toBe("413 import.file_too_large");
    expect((refused.body as { detail: string }).detail).toMatch(/together are larger than 4 MiB/);
    expect(await chunks()).toBe(0);
  });

  const send = (payload: string, type = "multipart/form-data; boundary=b") =>
    desk.installation.http.inject({
      method: "POST",
      url: `/api/v1/t/${desk.tenant.slug}/imports`,
      payload,
      headers: { cookie: desk.tenant.owner.cookie, "content-type": type },
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
