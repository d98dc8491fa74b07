import { buffer } from "node:stream/consumers";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Import } from "#server/features/imports/contract.ts";
import { openWorkbook } from "#server/features/imports/reading/open-workbook.ts";
import { inPieces } from "#tests/support/import-file.ts";
import { type TestInstallation, testInstallation } from "#tests/support/installation.ts";
import { applyImport, checkFiles, fileOf, undoImport } from "#tests/support/run-import.ts";
import { type SmtpSink, smtpSink } from "#tests/support/smtp-sink.ts";
import { type TestPerson, type TestTenant, testTenant } from "#tests/support/tenant.ts";
import { until } from "#tests/support/until.ts";

let sink: SmtpSink;
let installation: TestInstallation;
let tenant: TestTenant;
let owner: TestPerson;

beforeAll(async () => {
  sink = await smtpSink();
  sink.onRecipient = (address) => {
    if (address.startsWith("gone")) return { code: 550, words: "5.1.1 =No such person, here" };
    if (address.startsWith("busy")) return { code: 451, words: "4.7.1 Come back later" };
    return "accept";
  };
  installation = await testInstallation({ SMTP_URL: sink.url, MAIL_FROM: "portal@northwind.example" });
  await installation.startJobs();
  tenant = await testTenant(installation);
  owner = tenant.owner;
  for (const name of ["Staff", "Night"]) await owner.call("POST", "/groups", { name });
});
afterAll(async () => {
  await installation?.close();
  await sink?.stop();
});

type Line = Record<string, string>;

const parsed = (csv: Buffer): Line[] =>
  parse(csv, { columns: true, bom: true, relax_column_count_less: true });

async function download(id: string, format: "csv" | "xlsx") {
  const response = await installation.http.inject({
    url: `/api/v1/t/${tenant.slug}/imports/${id}/report.${format}`,
    headers: { cookie: owner.cookie },
  });
  expect(response.headers["content-disposition"]).toBe(
    `attachment; filename="import-${id.slice(0, 8)}.${format}"`,
  );
  return response.rawPayload;
}
const report = async (id: string) => parsed(await download(id, "csv"));

const at = (name: string) => `${name}@northwind.example`;
const choose = (id: string, choice: object) => owner.call<Import>("PATCH", `/imports/${id}`, choice);
const minute = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

const people = `First name,Last name,Email,Groups
Anna,Berg,${at("anna")},Staff
Gus,Gone,${at("gone")},
Busy,Bee,${at("busy")},
Nemo,,nemo@northwind,
Anna,Again,${at("anna")},
Una,Known,${at("una")},Nowhere
`;
const passwords = `First name,Last name,Email,Password\nCara,Diaz,${at("cara")},\n`;

test("every row: which file, what became of it and why, who it is, and where the email stands in the server's words", async () => {
  const { id } = await checkFiles(owner, fileOf(people, "staff 2026.csv"), fileOf(passwords, "=new.csv"));
  const before = await report(id);
  expect(before.map((row) => [row.outcome, row.user_id, row.message]).slice(0, 2)).toEqual([
    ["ready", "", ""],
    ["ready", "", ""],
  ]);
  await applyImport(owner, id);
  await until(
    async () =>
      (
        await installation.database.query(
          "select from messages where tenant_id = $1 and state in ('accepted', 'refused', 'deferred')",
          [tenant.id],
        )
      ).length === 4,
    "every email to have been tried",
  );
  const rows = await report(id);
  const who = async (email: string) =>
    (
      await installation.database.query<{ id: string }>(
        "select id from users where tenant_id = $1 and email = $2",
        [tenant.id, email],
      )
    )[0]?.id;
  const none = { user_id: "", message: "", message_time: "", mail_server_reply: "" };
  expect(rows).toEqual([
    {
      file: "staff 2026.csv",
      row: "2",
      first_name: "Anna",
      last_name: "Berg",
      email: at("anna"),
      groups: "Staff",
      outcome: "invited",
      undo: "",
      problem: "",
      warning: "",
      changes: "",
      user_id: await who(at("anna")),
      message: "accepted",
      message_time: expect.stringMatching(minute),
      mail_server_reply: expect.stringMatching(/^250 /),
    },
    expect.objectContaining({
      row: "3",
      outcome: "invited",
      user_id: await who(at("gone")),
      message: "refused",
      message_time: expect.stringMatching(minute),
      mail_server_reply: expect.stringContaining("5.1.1 =No such person, here"),
    }),
    expect.objectContaining({
      row: "4",
      message: "deferred",
      message_time: expect.stringMatching(minute),
      mail_server_reply: expect.stringContaining("4.7.1 Come back later"),
    }),
    expect.objectContaining({
      row: "5",
      outcome: "problem",
      problem: expect.stringMatching(/Email: .*no domain ending.*Last name: Last name is missing\./),
      ...none,
    }),
    expect.objectContaining({
      row: "6",
      outcome: "duplicate",
      problem: expect.stringContaining("stands in row 2 already"),
      ...none,
    }),
    expect.objectContaining({
      row: "7",
      outcome: "unknown_group",
      groups: "Nowhere",
      problem: expect.stringContaining("There is no group `Nowhere`."),
      ...none,
    }),
    expect.objectContaining({
      file: "'=new.csv",
      row: "2",
      outcome: "created",
      warning: "Password: No password in the file: one is generated.",
      message: "accepted",
    }),
  ]);
  const tried = new Date(rows[2]?.message_time ?? "").getTime();
  expect(tried, "when it is tried next").toBeGreaterThan(Date.now());

  // The workbook says the same, and its rows end with their last value; what would calculate in a CSV needs nothing there.
  const { rows: sheet, close } = await openWorkbook(inPieces(await download(id, "xlsx")));
  const cells = parsed(await buffer(sheet()));
  await close();
  const empty = Object.fromEntries(Object.keys(rows[0] ?? {}).map((header) => [header, ""]));
  expect(cells.map((row) => ({ ...empty, ...row }))).toEqual(
    rows.map((row) => ({ ...row, file: row.file?.replace(/^'/, "") })),
  );
});

test("what was changed, old and new; held, scheduled and withdrawn", async () => {
  const next = `First name,Last name,Email,Groups
Anne,Borg,${at("anna")},Staff; Night
Gus,Gone,${at("gone")},
Olga,Owner,${owner.email},
Hela,Held,${at("hela")},
`;
  const { id } = await checkFiles(owner, fileOf(next));
  await choose(id, { existing: "replace_groups", mail: { when: "hold" } });
  await applyImport(owner, id);
  const line = ({ outcome, changes, warning, message, message_time: time }: Line) =>
    [outcome, changes, warning, message, time].join(" | ");
  expect((await report(id)).map(line)).toEqual([
    "updated | First name: Anna → Anne; Last name: Berg → Borg; Groups: +Night |  |  | ",
    "unchanged |  |  |  | ",
    "existing |  | This is an owner. An import never changes an owner. |  | ",
    "invited |  |  | held | ",
  ]);
  await undoImport(owner, id);
  const undone = await report(id);
  expect(undone.map((row) => row.outcome)).toEqual(["undone", "unchanged", "existing", "undone"]);
  expect(undone[3]).toMatchObject({ user_id: "", message: "withdrawn" });

  const later = new Date(Date.now() + 3_600_000).toISOString();
  const scheduled = await checkFiles(owner, fileOf(`First name,Last name,Email\nSky,Late,${at("sky")}\n`));
  await choose(scheduled.id, { mail: { when: "schedule", at: later, timeZone: "Europe/Berlin" } });
  await applyImport(owner, scheduled.id);
  expect((await report(scheduled.id)).map(line)).toEqual([`invited |  |  | scheduled | ${later}`]);
});
