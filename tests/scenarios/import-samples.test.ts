import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Import, ImportRow } from "#server/features/imports/contract.ts";
import type { Message } from "#server/features/messages/contract.ts";
import type { User } from "#server/features/users/contract.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { applyImport, checkFiles, fileOf, rowsOfImport } from "#tests/support/run-import.ts";
import { type TestTenant, testTenant } from "#tests/support/tenant.ts";
import { until } from "#tests/support/until.ts";
import { visitor } from "#tests/support/visitor.ts";

let installation: TestInstallation;
beforeAll(async () => {
  installation = await testInstallation();
  await installation.startJobs();
});
afterAll(() => installation?.close());

const sample = (name: string) => fileOf(readFileSync(join(import.meta.dirname, "../samples", name)), name);

/** The samples hold the same people: each file is for a tenant of its own. */
async function tenantWith(...groups: string[]): Promise<TestTenant> {
  const tenant = await testTenant(installation);
  for (const name of groups) await tenant.owner.call("POST", "/groups", { name });
  return tenant;
}

/** Checks a sample, has missing groups created where there are any, and applies it. */
async function importSample({ owner }: TestTenant, name: string): Promise<Import> {
  const { id, files, unknownGroups } = await checkFiles(owner, sample(name));
  expect(files.map((file) => file.problem)).toEqual([null]);
  if (unknownGroups.length > 0) await owner.call("PATCH", `/imports/${id}`, { createMissingGroups: true });
  return applyImport(owner, id);
}

const usersOf = async ({ owner }: TestTenant) =>
  new Map(
    (await owner.call<{ items: User[] }>("GET", "/users?limit=200")).body.items.map((user) => [
      user.email.toLowerCase(),
      {
        ...user,
        name: `${user.firstName} ${user.lastName}`,
        groups: user.groups.map((group) => group.name).sort(),
      },
    ]),
  );

/** Waits until every email of an import is accepted. */
const delivered = ({ owner }: TestTenant, importId: string, count: number) =>
  until(
    async () => (await owner.call<Import>("GET", `/imports/${importId}`)).body.messages?.accepted === count,
    `${count} emails`,
    30_000,
  );

const someone = "amara.adeyemi@northwind.example";

/** Does the person get in with the password that stands in the file? */
async function expectSignIn({ slug }: TestTenant, email: string, password: string) {
  const answer = await visitor(installation, slug).signIn(email, password);
  expect(answer).toMatchObject({ status: 200, body: { mustChangePassword: true } });
}

test("google-workspace-upload.csv: 40 created; its organisational unit is no group unless somebody says so", async () => {
  const tenant = await tenantWith("Sales", "Warehouse");
  const finished = await importSample(tenant, "google-workspace-upload.csv");
  expect(finished.counts).toMatchObject({ created: 40, problem: 0, skipped: 0, suspended: 0 });
  const columns = finished.files[0]?.recognised?.columns ?? [];
  expect(columns).toHaveLength(28);
  expect(columns.find((column) => column.header.startsWith("Org Unit"))?.use).toBeNull();
  await delivered(tenant, finished.id, 40);
  const users = await usersOf(tenant);
  expect([...users.values()].filter((user) => user.groups.length > 0)).toEqual([]);
  expect(users.get("dmitri.user@northwind.example")).toMatchObject({
    name: "Dmitri Иванова",
    status: "active",
  });
  await expectSignIn(tenant, someone, "xkCUde7MgA?2");
});

test("entra-bulk-create.csv: five suspended without an email; reactivated, one gets it and gets in", async () => {
  const tenant = await tenantWith();
  const finished = await importSample(tenant, "entra-bulk-create.csv");
  expect(finished.counts).toMatchObject({ created: 35, suspended: 5, problem: 0, skipped: 0 });
  await delivered(tenant, finished.id, 35);
  const users = await usersOf(tenant);
  const suspended = [...users.values()].filter((user) => user.status === "suspended");
  expect(suspended.map((user) => user.email).sort()).toEqual(
    ["amara.adeyemi", "bogdan.ionescu", "jurgen.muller", "kwame.mensah", "soren.norgaard"].map(
      (local) => `${local}@northwind.example`,
    ),
  );
  expect(suspended.map((user) => user.mail)).toEqual([null, null, null, null, null]);
  expect((await visitor(installation, tenant.slug).signIn(someone, "yNDuSjcLYs!4")).status).toBe(401);

  const id = users.get(someone)?.id as string;
  const letIn = await tenant.owner.call<User>("POST", `/users/${id}/reactivate`);
  expect(letIn.body.status).toBe("active");
  const path = `/messages?userId=${id}`;
  const [message] = await until(async () => {
    const { items } = (await tenant.owner.call<{ items: Message[] }>("GET", path)).body;
    return items[0]?.state === "kept" && items;
  }, "the email of the reactivated user");
  expect(message).toMatchObject({ kind: "user.created", recipient: someone });
  await expectSignIn(tenant, someone, "yNDuSjcLYs!4");
  const kept = "select recipient from mailbox_messages where tenant_id = $1";
  expect(await installation.database.query(kept, [tenant.id])).toHaveLength(36);
});

test("entra-bulk-invite.csv: it has no names, which is said once, with what was read and a way on", async () => {
  const tenant = await tenantWith();
  const checked = await checkFiles(tenant.owner, sample("entra-bulk-invite.csv"));
  expect(checked).toMatchObject({ state: "checked", rows: 0, toApply: 0 });
  const [file] = checked.files;
  expect(file?.problem).toMatch(/no names.*Email address to invite.*headed First name/s);
  expect(file?.recognised?.columns.find((column) => column.use === "email")?.header).toContain(
    "inviteeEmail",
  );
});

test("moodle-upload-users.csv: cohort1 and cohort2 are groups, the same one twice is one membership", async () => {
  const tenant = await tenantWith("Staff", "First Aid");
  const finished = await importSample(tenant, "moodle-upload-users.csv");
  expect(finished.counts).toMatchObject({ created: 40, problem: 0, skipped: 0 });
  await delivered(tenant, finished.id, 40);
  const users = await usersOf(tenant);
  expect(users.get(someone)?.groups).toEqual(["First Aid", "Scanning – Invoices"]);
  expect(users.get("dmitri.user@northwind.example")?.groups).toEqual(["First Aid"]);
  await expectSignIn(tenant, someone, "TtLTEX3hge%5");
});

test("german-excel-windows-1252.csv: umlauts, German headers, and groups separated by commas", async () => {
  const tenant = await tenantWith("Sales", "First Aid");
  const finished = await importSample(tenant, "german-excel-windows-1252.csv");
  expect(finished.counts).toMatchObject({ invited: 30, problem: 0, skipped: 0 });
  expect(finished.files[0]?.recognised).toMatchObject({ delimiter: ";", headerRow: 1 });
  await delivered(tenant, finished.id, 30);
  const users = await usersOf(tenant);
  expect(users.get("bjorn.ozturk@northwind.example")).toMatchObject({
    name: "Björn Öztürk",
    groups: ["Sales"],
  });
  expect(users.get("chiara.rossi@northwind.example")?.groups).toEqual(["First Aid", "Sales"]);
});

test("excel-unicode-text-utf16.txt: tabs and UTF-16", async () => {
  const tenant = await tenantWith("Staff");
  const finished = await importSample(tenant, "excel-unicode-text-utf16.txt");
  expect(finished.counts).toMatchObject({ invited: 40, problem: 0, skipped: 0 });
  expect(finished.files[0]?.recognised?.delimiter).toBe("\t");
  const users = await usersOf(tenant);
  expect(users.get("nguyen.van@northwind.example")?.name).toBe("Nguyễn Văn");
  expect(users.get("lukasz.kowalski@northwind.example")?.name).toBe("Łukasz Kowalski");
});

test("full-name-and-department.csv: whole names are split either way round, the department is no group by itself", async () => {
  const tenant = await tenantWith("Sales");
  const finished = await importSample(tenant, "full-name-and-department.csv");
  expect(finished.counts).toMatchObject({ invited: 40, problem: 0, skipped: 0 });
  const users = await usersOf(tenant);
  const shown = (local: string) => users.get(`${local}@northwind.example`);
  expect(shown("amara.adeyemi")).toMatchObject({ firstName: "Amara", lastName: "Adeyemi", groups: [] });
  expect(shown("amara.adeyemi")?.email).toBe("AMARA.ADEYEMI@NORTHWIND.EXAMPLE");
  expect(shown("bjorn.ozturk")).toMatchObject({ firstName: "Björn", lastName: "Öztürk" });
  expect(shown("zoe.garcialopez")).toMatchObject({ firstName: "Zoë", lastName: "García-López" });
  expect(shown("ilse.vandenberg")).toMatchObject({ firstName: "Ilse", lastName: "van den Berg" });
});

type Expected = Partial<Pick<ImportRow, "outcome" | "email" | "firstName" | "groups">> & {
  problem?: RegExp;
  note?: RegExp;
};
const ready = (more: Expected = {}): Expected => ({ outcome: "ready", ...more });
const problem = (words: RegExp): Expected => ({ outcome: "problem", problem: words });

/** tests/samples/README.md, row by row. */
const messy: Record<number, Expected> = {
  2: ready({ groups: ["Staff"] }),
  3: ready({ firstName: "Bela", email: "bela.nagy@northwind.example", groups: ["Staff", "Sales"] }),
  4: ready({ email: "CARLA.CONTI@Northwind.Example" }),
  5: { outcome: "duplicate", problem: /row 2/ },
  6: problem(/Last name is missing/),
  8: problem(/`eva\.ek@northwind` has no domain ending/),
  9: problem(/space inside/),
  10: problem(/more than one @/),
  11: problem(/more than one address/),
  12: { outcome: "unknown_group", groups: ["Enginering"], problem: /Did you mean `Engineering`/ },
  13: ready({ firstName: 'Jon "JJ"', groups: ["Sales"] }),
  14: ready({ email: "kim@northwind.example" }),
  15: ready({ email: "lia@northwind.example", note: /Zero-width space removed/ }),
  16: ready({ email: "mo@northwind.example", note: /No-break space removed/ }),
  17: ready({ firstName: '=HYPERLINK("http://evil.example")' }),
  18: ready({ email: "ned@northwind.example", note: /Angle brackets removed/ }),
  19: ready({ email: "ola@northwind.example" }),
  20: ready({ groups: ["Staff"] }),
  21: problem(/300 characters; at most 100/),
  22: ready({ email: "rui@münchen.example" }),
  23: ready({ groups: ["Staff"] }),
  24: ready({ groups: [] }),
  25: problem(/7 cells.*5 columns/),
};

test("messy.csv: row by row what its README demands, and nothing else is imported", async () => {
  const tenant = await tenantWith("Staff", "Sales", "Engineering");
  const checked = await checkFiles(tenant.owner, sample("messy.csv"));
  const rows = await rowsOfImport(tenant.owner, checked.id);
  expect(rows.map((row) => row.rowNo)).toEqual(Object.keys(messy).map(Number));
  for (const row of rows) {
    const { problem: words, note, ...fields } = messy[row.rowNo] as Expected;
    expect(row, `row ${row.rowNo}`).toMatchObject(fields);
    const messages = row.problems.map((one) => one.message).join(" ");
    if (words) expect(messages, `row ${row.rowNo}`).toMatch(words);
    else expect(messages, `row ${row.rowNo}`).toBe("");
    if (note) expect(row.warnings.map((one) => one.message).join(" "), `row ${row.rowNo}`).toMatch(note);
  }
  expect(checked.unknownGroups).toEqual([
    { name: "Enginering", rows: 1, nearest: { id: expect.any(String), name: "Engineering" } },
  ]);
  const count = (outcome: string) => Object.values(messy).filter((row) => row.outcome === outcome).length;
  expect(checked).toMatchObject({ rows: 23, toApply: count("ready") });

  const finished = await applyImport(tenant.owner, checked.id);
  expect(finished.counts).toMatchObject({
    invited: count("ready"),
    problem: 7,
    duplicate: 1,
    unknown_group: 1,
  });
  const users = await usersOf(tenant);
  // The owner is there, too.
  expect(users.size).toBe(count("ready") + 1);
  expect(users.get("formula@northwind.example")?.firstName).toBe('=HYPERLINK("http://evil.example")');
  expect(users.get("sam@northwind.example")?.groups).toEqual(["Staff"]);

  const report = await tenant.owner.call<string>("GET", `/imports/${checked.id}/report.csv`);
  expect(report.headers["content-disposition"]).toMatch(/^attachment; filename="import-[\w-]+\.csv"$/);
  expect(report.body).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
  expect(report.body).not.toMatch(/(^|,)"?=HYPERLINK/m);
  expect(report.body.trimEnd().split("\r\n")).toHaveLength(rows.length + 1);
});
