import { afterAll, beforeAll, expect, onTestFailed, test } from "vitest";
import { type EmbeddedMuster, embeddedMuster } from "#tests/support/embedded-muster.ts";
import { type Gate, gate } from "#tests/support/gate.ts";
import { type PortalClient, portalClient, setUpTenant } from "#tests/support/portal-client.ts";
import { fileOf, importIn, press, uploadFiles } from "#tests/support/run-import.ts";
import { seeded } from "#tests/support/seeded.ts";
import { type SmtpSink, smtpSink } from "#tests/support/smtp-sink.ts";
import { until } from "#tests/support/until.ts";

let sink: SmtpSink;
let muster: EmbeddedMuster;
let owner: PortalClient;
let stops: Gate;
/** Each batch of applying writes to all of these. */
const written = ["users", "memberships", "links", "messages"] as const;
const groups = Array.from({ length: 20 }, (_, n) => `Group ${String(n).padStart(2, "0")}`);

beforeAll(async () => {
  sink = await smtpSink();
  muster = await embeddedMuster({ SMTP_URL: sink.url });
  owner = await setUpTenant(muster, "northwind");
  stops = await gate(muster, ["import_rows", "import_groups", ...written, "credentials"]);
  for (const name of groups) await owner.call("POST", "/groups", { name });
});
afterAll(async () => {
  await muster?.stop();
  await sink?.stop();
});

type Person = { email: string; password?: string; groups: string[] };

/** The template as it is downloaded, with a row for each person below its headers. */
async function filledIn(kind: "create" | "invite", people: readonly Person[]) {
  const template = await owner.call<string>("GET", `/import-templates/${kind}.csv`);
  const rows = people.map(({ email, password, groups: names }, n) =>
    [`First${n}`, `Last${n}`, email, ...(password ? [password] : []), names.join("; ")].join(","),
  );
  return `${template.body}${rows.join("\r\n")}\r\n`;
}

const startImport = async (importId: string) => expect((await press(owner, importId)).status).toBe(202);

/** Kills the server with -9 where it stands in the middle of a transaction, and starts it again. */
async function killAt(table: string, condition: string) {
  await stops.close(table, condition);
  await muster.kill("SIGKILL");
  await muster.start();
}

/** How far the import at work has come, as far as it is committed. */
const checkedRows = "(select coalesce(max((counts->>'rows')::int), 0) from imports where state = 'checking')";
const appliedRow = "(select coalesce(max(applied_row), 0) from imports where state = 'applying')";
const hashed = "(select count(*) from credentials where password_hash is not null)";

const count = async (what: string, values: unknown[] = []) =>
  (await muster.query<{ count: number }>(`select count(*)::int as count from ${what}`, values))[0]?.count;

/** Everybody who should be there, once, in their groups; and nothing that belongs to nobody. */
async function expectExactly(importId: string, people: readonly Person[], outcome: "created" | "invited") {
  const users = await muster.query<{ email: string; groups: string[] }>(
    `select u.email, array(select g.name from memberships m join groups g on g.tenant_id = m.tenant_id and g.id = m.group_id
                            where m.tenant_id = u.tenant_id and m.user_id = u.id order by g.name) as groups
       from import_rows r join users u on u.tenant_id = r.tenant_id and u.id = r.user_id
      where r.import_id = $1 order by r.row_no`,
    [importId],
  );
  expect(users).toEqual(people.map(({ email, groups: names }) => ({ email, groups: [...names].sort() })));
  const outcomes = await muster.query(
    "select outcome, count(*)::int as rows from import_rows where import_id = $1 group by outcome",
    [importId],
  );
  expect(outcomes).toEqual([{ outcome, rows: people.length }]);
  const perUser = await muster.query(
    `select m.kind, m.times, count(*)::int as users from import_rows r
       left join (select tenant_id, user_id, min(kind) as kind, count(*)::int as times from messages group by 1, 2) m
         on m.tenant_id = r.tenant_id and m.user_id = r.user_id
      where r.import_id = $1 group by 1, 2`,
    [importId],
  );
  expect(perUser).toEqual([{ kind: `user.${outcome}`, times: 1, users: people.length }]);
  expect(await count("users u group by email_key having count(*) > 1")).toBeUndefined();
  // As sets: of tables that were filled a moment ago PostgreSQL knows no numbers.
  for (const table of ["memberships", "links", "credentials", "messages"]) {
    const orphans = `(select tenant_id, user_id from ${table} except select tenant_id, id from users) x`;
    expect(await count(orphans), table).toBe(0);
  }
  expect(
    await count("(select tenant_id, group_id from memberships except select tenant_id, id from groups) x"),
  ).toBe(0);
  expect(await count("import_chunks")).toBe(0);
  expect(await count("import_rows where sealed_password is not null")).toBe(0);
}

test("a creation import killed while it applies and while it hashes: everybody once, and can sign in", async () => {
  const random = seeded();
  const people = Array.from({ length: 160 }, (_, n) => ({
    email: `created${n}@northwind.example`,
    password: `quiet river ${n} stone`,
    groups: [groups[n % groups.length] as string],
  }));
  const importId = await uploadFiles(owner, [fileOf(await filledIn("create", people))]);
  expect((await importIn(owner, importId, "checked")).toApply).toBe(people.length);
  await startImport(importId);
  await killAt("credentials", `${appliedRow} = 0`);
  await killAt("credentials", `${hashed} >= ${random.pick([32, 64, 96])}`);
  await stops.open();
  await importIn(owner, importId, "finished");
  await expectExactly(importId, people, "created");

  await until(
    async () => (await count("messages where state = 'accepted'")) === people.length,
    "all messages to be accepted",
    25_000,
  );
  expect(await count("credentials where sealed_password is not null")).toBe(0);
  expect(await count("credentials where password_hash is null")).toBe(0);
  // A kill between hand-over and note repeats at most one message for each connection, with the same Message-ID.
  expect(new Set(sink.mails.map((mail) => mail.messageId)).size).toBe(people.length);
  expect(new Set(sink.mails.map((mail) => mail.recipient)).size).toBe(people.length);
  expect(sink.mails.length).toBeLessThanOrEqual(people.length + 2 * 5);
  for (const place of [0, 77, 159]) {
    const person = people[place] as Person;
    const text = sink.mails.find((mail) => mail.recipient === person.email)?.text ?? "";
    expect(text).toContain(person.password);
    const answer = await portalClient(muster.address, "northwind").call<{ mustChangePassword: boolean }>(
      "POST",
      "/session",
      { email: person.email, password: person.password },
    );
    expect(answer.status).toBe(200);
    expect(answer.body.mustChangePassword).toBe(true);
  }
}, 120_000);

test("10,000 invitations, the server killed four times and its database once: everybody once", async () => {
  const random = seeded();
  onTestFailed(() => console.error(muster.complaints()));
  await sink.stop();
  const people = Array.from({ length: 10_000 }, (_, n) => ({
    email: `invited${n}@northwind.example`,
    groups: groups.filter((_name, at) => at === n % 20 || (n % 2 === 0 && at === (n + 7) % 20)),
  }));
  const content = await filledIn("invite", people);
  const importId = await uploadFiles(owner, [fileOf(content)]);
  await killAt("import_rows", `${checkedRows} >= ${random.pick([0, 5000])}`);
  await killAt("import_groups", `${checkedRows} = ${people.length}`);
  await stops.open();
  const checked = await importIn(owner, importId, "checked");
  expect(checked).toMatchObject({ rows: people.length, toApply: people.length });

  await startImport(importId);
  await killAt(random.pick(written), `${appliedRow} = 0`);
  await stops.close(random.pick(written), `${appliedRow} >= ${random.pick([0, 5000])}`);
  await muster.killDatabase();
  await until(
    async () => (await muster.query("select 1").catch(() => [])).length > 0,
    "the database",
    60_000,
  );
  await killAt(random.pick(written), `${appliedRow} >= 5000`);
  await stops.open();
  const finished = await importIn(owner, importId, "finished");
  expect(finished.counts).toMatchObject({ invited: people.length, ready: 0, skipped: 0, problem: 0 });
  expect(finished.messages).toMatchObject({ accepted: 0, failed: 0, withdrawn: 0 });
  await expectExactly(importId, people, "invited");
  expect(
    await count(
      `links l join import_rows r on r.tenant_id = l.tenant_id and r.user_id = l.user_id
        where r.import_id = $1 and l.purpose = 'invitation' and l.generation = 1 and l.used_at is null and l.revoked_at is null`,
      [importId],
    ),
  ).toBe(people.length);
}, 180_000);
