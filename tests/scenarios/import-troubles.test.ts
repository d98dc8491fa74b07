import { afterAll, beforeAll, expect, test } from "vitest";
import { applyImport as applyNow } from "#server/features/imports/apply-import.ts";
import type { Import } from "#server/features/imports/contract.ts";
import type { User } from "#server/features/users/contract.ts";
import { shortly } from "#tests/support/at-once.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import {
  applyImport,
  checkFiles,
  fileOf,
  importIn,
  press,
  rowsOfImport,
  uploadFiles,
} from "#tests/support/run-import.ts";
import { type TestTenant, testTenant } from "#tests/support/tenant.ts";
import { until } from "#tests/support/until.ts";

let installation: TestInstallation;
let tenant: TestTenant;
beforeAll(async () => {
  installation = await testInstallation({ IMPORT_MAX_MIB: "1", IMPORT_MAX_ROWS: "9000" });
  tenant = await testTenant(installation);
  await installation.startJobs();
});
afterAll(() => installation?.close());

const count = async (from: string, values: unknown[] = []) =>
  (await installation.database.query<{ n: number }>(`select count(*)::int as n from ${from}`, values))[0]?.n;

const png = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
const zip = Buffer.concat([
  Buffer.from("504b030414000600", "hex"),
  Buffer.from("[Content_Types].xml xl/workbook.xml"),
]);

test.each([
  ["a picture", png, /picture|image|not a CSV/i],
  ["a workbook", zip, /Excel|workbook|CSV/i],
  ["an empty file", Buffer.alloc(0), /empty/i],
  ["blank lines", Buffer.from("\r\n\r\n  \r\n"), /empty/i],
  ["headers only", Buffer.from("First name,Last name,Email,Groups\r\n"), /no (rows|people)|only|below/i],
  ["a file without headers we know", Buffer.from("a,b\n1,2\n"), /No column.*email address.*`a`, `b`/s],
  ["a file without names", Buffer.from("Email\nanna@northwind.example\n"), /no names/],
])("%s: said what is wrong with it, and nothing is imported", async (_what, content, words) => {
  const checked = await checkFiles(tenant.owner, fileOf(content));
  expect(checked).toMatchObject({ state: "checked", toApply: 0 });
  expect(checked.files[0]?.problem).toMatch(words);
  const pressed = await press(tenant.owner, checked.id);
  expect(shortly(pressed)).toBe("409 import.nothing_to_import");
  expect((await tenant.owner.call<Import>("GET", `/imports/${checked.id}`)).body.state).toBe("checked");
});

test("an upload without a file is refused, and so is one that is no upload", async () => {
  expect(shortly(await tenant.owner.upload("/imports", []))).toBe("400 import.no_file");
  expect((await tenant.owner.call("POST", "/imports", { files: [] })).status).toBe(415);
});

test("a file larger than the limit is refused in words, and nothing of it is kept", async () => {
  const row = "First,Last,person@northwind.example\n";
  const large = `First name,Last name,Email\n${row.repeat(40_000)}`;
  const small = fileOf("First name,Last name,Email\nA,B,small@northwind.example\n", "small.csv");
  const answer = await tenant.owner.upload("/imports", [small, fileOf(large, "large.csv")]);
  expect(shortly(answer)).toBe("413 import.file_too_large");
  expect((answer.body as { detail: string }).detail).toMatch(/^large\.csv is larger than 1 MiB\./);
  expect(await count("imports where state in ('uploading', 'checking')")).toBe(0);
  expect(await count("import_rows where email = 'small@northwind.example'")).toBe(0);
  const kept =
    "import_chunks c join imports i on i.tenant_id = c.tenant_id and i.id = c.import_id where i.state = 'cancelled'";
  expect(await count(kept)).toBe(0);
});

test("more rows than the limit: the file is refused as a whole, and says the limit", async () => {
  const rows = Array.from({ length: 9001 }, (_, n) => `F,L,a${n}@northwind.example`);
  const checked = await checkFiles(tenant.owner, fileOf(`First name,Last name,Email\n${rows.join("\n")}\n`));
  expect(checked.toApply).toBe(0);
  expect(checked.files[0]?.problem).toMatch(/9,000/);
});

test("both templates at once: created and invited, a person who stands in both files once", async () => {
  const create = fileOf(
    "First name,Last name,Email,Password,Groups\nCara,Created,cara@northwind.example,quiet river stone,\n",
    "create.csv",
  );
  const invite = fileOf(
    "First name,Last name,Email,Groups\nIvo,Invited,ivo@northwind.example,\nCara,Created,CARA@northwind.example,\n",
    "invite.csv",
  );
  const checked = await checkFiles(tenant.owner, create, invite);
  expect(checked.files.map((file) => [file.name, file.kind])).toEqual([
    ["create.csv", "create"],
    ["invite.csv", "invite"],
  ]);
  const rows = await rowsOfImport(tenant.owner, checked.id);
  expect(rows.map((row) => [row.fileNo, row.rowNo, row.outcome])).toEqual([
    [1, 2, "ready"],
    [2, 2, "ready"],
    [2, 3, "duplicate"],
  ]);
  expect(rows[2]?.problems[0]?.message).toContain("row 2 of file 1");
  expect((await applyImport(tenant.owner, checked.id)).counts).toMatchObject({
    created: 1,
    invited: 1,
    duplicate: 1,
  });
  // The same files again: everybody is there already.
  const again = await checkFiles(tenant.owner, create, invite);
  expect(again.counts).toMatchObject({ existing: 2, duplicate: 1, ready: 0 });
});

test("unknown groups: their rows wait unless they are to be created; the nearest name is offered", async () => {
  for (const name of ["Engineering", "Sales"]) await tenant.owner.call("POST", "/groups", { name });
  const content = fileOf(
    "First name,Last name,Email,Groups\n" +
      "Uma,One,u1@northwind.example,Enginering\nUdo,Two,u2@northwind.example,Night shift; Sales\nUte,Three,u3@northwind.example,sales\n",
  );
  const nobody = await checkFiles(tenant.owner, content);
  expect(nobody.unknownGroups).toEqual([
    { name: "Enginering", rows: 1, nearest: { id: expect.any(String), name: "Engineering" } },
    { name: "Night shift", rows: 1, nearest: null },
  ]);
  expect(nobody).toMatchObject({ toApply: 1, counts: { ready: 1, unknown_group: 2 } });
  expect((await applyImport(tenant.owner, nobody.id)).counts).toMatchObject({ invited: 1, unknown_group: 2 });

  const ticked = await checkFiles(tenant.owner, content);
  expect(ticked.counts).toMatchObject({ existing: 1, unknown_group: 2 });
  const changed = await tenant.owner.call<Import>("PATCH", `/imports/${ticked.id}`, {
    createMissingGroups: true,
  });
  expect(changed.body.toApply).toBe(2);
  expect((await applyImport(tenant.owner, ticked.id)).counts).toMatchObject({ invited: 2, existing: 1 });
  const groupsOf = async (email: string) =>
    (await tenant.owner.call<{ items: User[] }>("GET", `/users?search=${email}`)).body.items[0]?.groups.map(
      (group) => group.name,
    );
  expect(await groupsOf("u1@")).toEqual(["Enginering"]);
  expect((await groupsOf("u2@"))?.sort()).toEqual(["Night shift", "Sales"]);
  expect(await groupsOf("u3@")).toEqual(["Sales"]);
});

test("a group deleted between check and Import CSV: the plan is shown again first, then its rows are left out", async () => {
  const { body: group } = await tenant.owner.call<{ id: string }>("POST", "/groups", { name: "Short-lived" });
  const checked = await checkFiles(
    tenant.owner,
    fileOf(
      "First name,Last name,Email,Groups\nVera,V,v1@northwind.example,Short-lived\nVic,V,v2@northwind.example,\n",
    ),
  );
  expect(checked.toApply).toBe(2);
  await tenant.owner.call("DELETE", `/groups/${group.id}`);
  expect(await applyImport(tenant.owner, checked.id)).toMatchObject({ state: "checked", toApply: 1 });
  expect((await applyImport(tenant.owner, checked.id)).counts).toMatchObject({
    invited: 1,
    unknown_group: 1,
  });
});

test("somebody is added by hand between check and Import CSV: the plan says so, nothing happens twice", async () => {
  const email = "meanwhile@northwind.example";
  const checked = await checkFiles(tenant.owner, fileOf(`First name,Last name,Email\nMia,Mean,${email}\n`));
  const person = { mode: "invite", firstName: "Mia", lastName: "Here", email };
  await tenant.owner.call("POST", "/users", person);
  expect(await applyImport(tenant.owner, checked.id)).toMatchObject({
    state: "checked",
    drift: expect.stringMatching(/0 to be made \(1 before\), 1 already users/),
    counts: { ready: 0, existing: 1 },
  });
  expect(await count("users where email_key = $1", [email])).toBe(1);
  expect(await count("messages m join users u on u.id = m.user_id where u.email_key = $1", [email])).toBe(1);
});

/** An installation whose jobs do not run until they are told to. */
async function idle<T>(work: (there: TestInstallation, tenant: TestTenant) => Promise<T>): Promise<T> {
  const there = await testInstallation();
  try {
    return await work(there, await testTenant(there));
  } finally {
    await there.close();
  }
}

test("cancelled while it is checked: nothing is read any more, nothing is kept", () =>
  idle(async (there, { owner }) => {
    const importId = await uploadFiles(owner, [
      fileOf("First name,Last name,Email\nA,B,a@northwind.example\n"),
    ]);
    expect(shortly(await press(owner, importId))).toBe("409 import.not_checked");
    expect((await owner.call<Import>("POST", `/imports/${importId}/cancel`)).body.state).toBe("cancelled");
    expect(shortly(await owner.call("POST", `/imports/${importId}/cancel`))).toBe(
      "409 import.already_finished",
    );
    await there.startJobs();
    await until(
      async () => (await there.database.query("select from import_chunks")).length === 0,
      "no upload",
    );
    expect(shortly(await press(owner, importId))).toBe("409 import.not_checked");
    expect(await importIn(owner, importId, "cancelled")).toMatchObject({ rows: 0, toApply: 0 });
  }));

test("cancelled while it is applied: what is done stays and is listed, the rest is never done", () =>
  idle(async (there, { id: tenantId, owner }) => {
    await there.startJobs();
    const rows = Array.from({ length: 6000 }, (_, n) => `F,L,c${n}@northwind.example,quiet river ${n}`);
    const { id } = await checkFiles(
      owner,
      fileOf(`First name,Last name,Email,Password\n${rows.join("\n")}\n`),
    );
    // As a worker would that is stopped after its first batch.
    await there.database.query("update imports set state = 'applying', started_at = now() where id = $1", [
      id,
    ]);
    const door = await there.services.door(tenantId);
    let batches = 0;
    if (door) await applyNow(door, id, () => batches++ > 0);
    const made = (await importIn(owner, id, "applying")).applied;
    expect(made).toBe(5000);

    expect((await owner.call<Import>("POST", `/imports/${id}/cancel`)).body.state).toBe("cancelled");
    if (door) await applyNow(door, id, () => false);
    await there.services.enqueue("imports.sweep", {}, { key: "sweep" });
    const idleQueue =
      "select from graphile_worker.jobs where task_identifier like 'imports.%' and run_at <= now()";
    await until(async () => (await there.database.query(idleQueue)).length === 0, "the queue to be empty");
    expect(await importIn(owner, id, "cancelled")).toMatchObject({ counts: { created: 5000, ready: 1000 } });
    const users = "select from users where tenant_id = $1 and role = 'member'";
    expect(await there.database.query(users, [tenantId])).toHaveLength(5000);
    expect(await there.database.query("select from import_chunks")).toEqual([]);
    expect(await there.database.query("select from import_rows where sealed_password is not null")).toEqual(
      [],
    );
  }));
