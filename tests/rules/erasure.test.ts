import { afterAll, beforeAll, expect, test } from "vitest";
import type { Group } from "#server/features/groups/contract.ts";
import { insertMailboxMessages } from "#server/features/mail/mailbox/store-mailbox.ts";
import { writeBounced, writeReport } from "#server/features/mail/store-reports.ts";
import type { User } from "#server/features/users/contract.ts";
import { eraseDue } from "#server/features/users/deletion/jobs.ts";
import { indexUsers } from "#server/features/users/index-users.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { applyImport, checkFiles, fileOf, rowsOfImport, undoImport } from "#tests/support/run-import.ts";
import { caller, type TestTenant, testTenant } from "#tests/support/tenant.ts";

/**
 * After erasing, no column of any table holds a name or an address that the person ever had. The tables are those of the
 * schema: a new one that keeps something of people fails here until `heldData` erases it.
 */
let installation: TestInstallation;
let tenant: TestTenant;

beforeAll(async () => {
  installation = await testInstallation();
  tenant = await testTenant(installation);
  await installation.startJobs();
});
afterAll(() => installation?.close());

/** Parts of every name and address the person had: in no other data. */
const words = ["zebulon", "quillfeather", "okonkwo", "zeb.q"];
const query = <T extends object>(text: string, values: unknown[] = []) =>
  installation.database.query<T>(text, values);

/** The tables that hold one of the words, anywhere in a row; also what the queue of jobs holds. */
async function tablesWith(among: readonly string[]): Promise<string[]> {
  const tables = await query<{ name: string }>(
    `select format('%I.%I', nspname, relname) as name from pg_class c join pg_namespace n on n.oid = relnamespace
      where nspname in ('muster', 'graphile_worker') and relkind in ('r', 'p')`,
  );
  expect(tables.length).toBeGreaterThan(20);
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await query(`select 1 from ${name} t where lower(t::text) ~ $1 limit 1`, [among.join("|")]);
    if (rows.length > 0) found.push(name.replace("muster.", ""));
  }
  return found.sort();
}

const header = "First name,Last name,Email,Groups\n";

const settled = (userId: string) =>
  expect
    .poll(
      () =>
        query("select 1 from messages where user_id = $1 and state not in ('accepted', 'withdrawn')", [
          userId,
        ]),
      { timeout: 20_000 },
    )
    .toEqual([]);

test("nothing of an erased person is left in any table", async () => {
  const { owner } = tenant;
  const importOf = async (content: string, existing = "skip") => {
    const checked = await checkFiles(owner, fileOf(content));
    await owner.call("PATCH", `/imports/${checked.id}`, { existing });
    return applyImport(owner, checked.id);
  };
  // Made by a file that has them twice, once with a problem, and changed by another one.
  const group = (await owner.call<Group>("POST", "/groups", { name: "Choir" })).body;
  const made = await importOf(
    `${header}Zebulon,Quillfeather,zeb.q@one.example,Choir\nZebulon,Twice,ZEB.Q@one.example,\nZebulon,,zeb.q@one.example,\nOther,Person,other@one.example,\n`,
  );
  const [row] = await rowsOfImport(owner, made.id);
  const id = row?.userId ?? "";
  await settled(id);
  await importOf(`${header}Zebulon,Okonkwo,zeb.q@one.example,Choir\n`, "add_groups");
  await importOf(`${header}Zebulon,Skipped,zeb.q@one.example,\nSomebody,Else,else@one.example,\n`);
  // Renamed, with another address, out of a group and in again.
  const change = async (more: object) => {
    const { body } = await owner.call<User>("GET", `/users/${id}`);
    const changed = await owner.call("PATCH", `/users/${id}`, { version: body.version, ...more });
    expect(changed.status).toBe(200);
  };
  await change({ email: "zeb.q@two.example", lastName: "Quillfeather-Okonkwo", removeGroupIds: [group.id] });
  await change({ addGroupIds: [group.id] });
  await settled(id);
  // Somebody tried to be them, before and after the address was theirs; their email came back.
  const stranger = caller(installation, `/t/${tenant.slug}`);
  for (const email of ["zeb.q@two.example", "zeb.q@one.example"]) {
    await stranger("POST", "/session", { email, password: "a wrong password" });
    await stranger("POST", "/password-resets", { email });
  }
  await settled(id);
  await query(
    `insert into message_attempts (tenant_id, message_id, outcome, no, at, reply)
     select tenant_id, id, 'deferred', 1, now(), '450 zeb.q@one.example: try later' from messages where user_id = $1`,
    [id],
  );
  await query(
    `update messages set last_reply = '250 zeb.q@two.example: ok' where user_id = $1 and state = 'accepted'`,
    [id],
  );
  await query(
    "update users set mail_failed_at = now(), mail_failed_reply = '550 no zeb.q@two.example here' where id = $1",
    [id],
  );
  await tenant.run(async (ctx) => {
    const [message] = await ctx.tx.rows<{ id: string }>("select id from messages where user_id = $1", [id]);
    const kept = { recipient: "zeb.q@two.example", subject: "For Zebulon", source: Buffer.from("Zebulon") };
    await insertMailboxMessages(ctx, [{ id: message?.id ?? "", ...kept }]);
    await indexUsers(ctx);
  });
  await query(
    `insert into sessions (tenant_id, id_hash, user_id, created_at, last_seen_at, expires_at, user_agent)
     values ($1, 'x', $2, now(), now(), now() + interval '1 day', 'Zebulon''s browser')`,
    [tenant.id, id],
  );
  await query(
    `insert into known_browsers (tenant_id, user_id, id_hash, id, first_seen_at, last_seen_at, user_agent)
     values ($1, $2, 'x', gen_random_uuid(), now(), now(), 'Zebulon''s browser')`,
    [tenant.id, id],
  );
  await query(
    `insert into authenticators (tenant_id, user_id, sealed_secret, set_up_at, last_step) values ($1, $2, 'x', now(), 0)`,
    [tenant.id, id],
  );
  await query(
    `insert into passkeys (tenant_id, user_id, id, credential_id, public_key, sign_count, transports, name, created_at)
     values ($1, $2, gen_random_uuid(), 'x', 'x', 0, '{}', 'Zebulon''s phone', now())`,
    [tenant.id, id],
  );
  await query(
    `insert into recovery_codes (tenant_id, user_id, code_hash, made_at) values ($1, $2, 'x', now())`,
    [tenant.id, id],
  );
  await query(
    `insert into begun_sign_ins (tenant_id, id_hash, user_id, must_change_password, created_at, expires_at)
     values ($1, 'x', $2, false, now(), now())`,
    [tenant.id, id],
  );
  await query("insert into import_leavers (tenant_id, import_id, user_id) values ($1, $2, $3)", [
    tenant.id,
    made.id,
    id,
  ]);

  // The test is of some use: they are all over the place.
  expect(await tablesWith(words)).toEqual(
    expect.arrayContaining([
      "audit_personal",
      "import_rows",
      "known_browsers",
      "mailbox_messages",
      "message_attempts",
      "messages",
      "passkeys",
      "sessions",
      "user_search",
      "users",
    ]),
  );

  expect((await owner.call("DELETE", `/users/${id}`)).status).toBe(204);
  await query("update users set erase_at = now() - interval '1 second' where id = $1", [id]);
  await tenant.run(eraseDue);

  expect(await tablesWith(words)).toEqual([]);
  // A mail server reports late, and names the address.
  await tenant.run(async ({ tx, tenantId, now }) => {
    const sent = await tx.rows<{ id: string }>("select id from messages where user_id = $1", [id]);
    for (const message of sent) {
      const report = { tenantId, messageId: message.id, now, reply: "550 zeb.q@two.example is unknown" };
      await writeReport(tx, "delayed", report);
      await writeBounced(tx, report);
    }
  });
  expect(await tablesWith(words)).toEqual([]);
  const left = await query<{ table: string }>(
    `select c.relname as table from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'muster'::regnamespace and c.relkind = 'r' and a.attname = 'user_id'`,
  );
  // By their id there are only their blank rows, and the messages without a word.
  const tables = new Set(left.map(({ table }) => table));
  for (const table of [...tables].filter((name) => !["import_rows", "messages"].includes(name)))
    expect(await query(`select 1 from ${table} where user_id = $1`, [id]), table).toEqual([]);
  // The others of the file are as they were, and the audit log says what happened.
  expect((await rowsOfImport(owner, made.id)).map(({ email }) => email)).toContain("other@one.example");
  const events = await query<{ action: string }>(
    "select distinct action from audit_events where target_id = $1 order by 1",
    [id],
  );
  expect(events.map(({ action }) => action)).toEqual(
    expect.arrayContaining(["user.changed", "user.deleted", "user.erased"]),
  );
});

test("nor of people whom undoing an import has erased", async () => {
  const { owner } = tenant;
  const upload = (content: string) => checkFiles(owner, fileOf(header + content));
  const person = "Zebulon,Quillfeather,zeb.q@three.example,\n";
  const cancelled = await upload(person);
  await owner.call("POST", `/imports/${cancelled.id}/cancel`);
  // Twice, once with a problem, and beside somebody who is there already.
  const found = await upload(`${person}Zebulon,Twice,ZEB.Q@three.example,\nZebulon,,zeb.q@three.example,\n`);
  await owner.call("PATCH", `/imports/${found.id}`, { mail: { when: "hold" } });
  const made = await applyImport(owner, found.id);
  expect(made.counts).toMatchObject({ invited: 1, duplicate: 1, problem: 1 });
  const later = await upload(person);
  expect(later.counts).toMatchObject({ existing: 1 });
  await owner.call("POST", `/imports/${later.id}/cancel`);
  const stranger = caller(installation, `/t/${tenant.slug}`);
  await stranger("POST", "/session", { email: "zeb.q@three.example", password: "a wrong password" });
  const open = await upload(`${person}Other,Body,other.body@three.example,\n`);
  expect(await tablesWith(words)).toEqual(expect.arrayContaining(["audit_personal", "import_rows", "users"]));

  expect((await undoImport(owner, made.id)).counts).toMatchObject({ undone: 1, duplicate: 1, problem: 1 });
  // Only in the file that is about to make them again.
  expect(await tablesWith(words)).toEqual(["import_rows"]);
  const rows = await rowsOfImport(owner, made.id);
  expect(rows.map(({ rowNo, outcome, email }) => [rowNo, outcome, email])).toEqual([
    [2, "undone", ""],
    [3, "duplicate", ""],
    [4, "problem", ""],
  ]);
  expect((await applyImport(owner, open.id)).state).toBe("checked");
  expect((await applyImport(owner, open.id)).counts).toMatchObject({ invited: 2 });
});
