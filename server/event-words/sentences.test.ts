import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { AuditEvent } from "#server/features/audit/contract.ts";
import { what, whence, who } from "./sentences.ts";

const event = (parts: Partial<AuditEvent>): AuditEvent => ({
  id: "",
  at: "",
  action: "",
  actor: { kind: "user", id: "", name: "Olga Owner" },
  target: { kind: "user", id: "", name: "Ada Example" },
  ip: null,
  userAgent: null,
  fields: [],
  changes: {},
  address: null,
  details: {},
  erased: false,
  position: null,
  ...parts,
});

test.each<[string, Partial<AuditEvent>]>([
  ["Changed the last name of Ada Example", { action: "user.changed", fields: ["lastName"] }],
  [
    "Changed the first name, email address and groups of Ada Example",
    { action: "user.changed", fields: ["firstName", "email", "groups"] },
  ],
  [
    "Added Ada Example to Choir",
    { action: "user.added_to_group", changes: { group: { before: null, after: "Choir" } } },
  ],
  [
    "Changed the settings: days that links work and shortest password",
    { action: "tenant.settings_changed", fields: ["invitationDays", "passwordMinimum"] },
  ],
  ["Erased somebody for good", { action: "user.erased", target: { kind: "user", id: "", name: null } }],
  ["Added Ada Example to a group", { action: "user.added_to_group", erased: true }],
  [
    "Deleted the group Choir",
    {
      action: "group.deleted",
      target: { kind: "group", id: "", name: null },
      changes: { name: { before: "Choir", after: null } },
    },
  ],
  [
    "Added 2 people to a group that is gone",
    {
      action: "group.members_changed",
      target: { kind: "group", id: "", name: null },
      details: { added: 2, removed: 0 },
    },
  ],
  [
    "Removed 1 person from Choir",
    {
      action: "group.members_changed",
      target: { kind: "group", id: "", name: "Choir" },
      details: { added: 0, removed: 1 },
    },
  ],
  [
    "Changed the members of Choir: 2 added, 1 removed",
    {
      action: "group.members_changed",
      target: { kind: "group", id: "", name: "Choir" },
      details: { added: 2, removed: 1 },
    },
  ],
  ["Failed to sign in as Ada Example", { action: "sign_in.refused" }],
  [
    "Failed to sign in as Ada Example with a passkey alone",
    { action: "sign_in.refused", details: { way: "passkey_alone" } },
  ],
  [
    "Failed to sign in with a passkey alone",
    { action: "sign_in.refused", target: null, details: { way: "passkey_alone" } },
  ],
  [
    "Finished the import of people.csv: 12,480 people made, 3 changed",
    {
      action: "import.finished",
      target: { kind: "import", id: "", name: "people.csv" },
      details: { created: 12_000, invited: 480, updated: 3 },
    },
  ],
  [
    "Undid the import of people.csv: 2 people erased and 1 person changed back; 3 left as they are",
    {
      action: "import.undone",
      target: { kind: "import", id: "", name: "people.csv" },
      details: { erased: 2, emailed: 1, restored: 1, kept: 3, groups: 1 },
    },
  ],
  [
    "Undid the import of people.csv: 5 people",
    {
      action: "import.undone",
      target: { kind: "import", id: "", name: "people.csv" },
      details: { undone: 5, kept: 0, groups: 1 },
    },
  ],
  ["Asked for a new invitation in place of an expired one", { action: "invitation.renewed" }],
  [
    "Asked for a new invitation for Ada Example in place of an expired one",
    { action: "invitation.renewed", actor: { kind: "anonymous", id: null, name: null } },
  ],
  [
    "Deleted somebody who was erased",
    { action: "user.deleted", target: { kind: "user", id: "", name: null } },
  ],
  [
    "Failed to sign in as nobody@example.org",
    { action: "sign_in.refused", target: null, address: "nobody@example.org" },
  ],
  [
    "Finished suspending 214 people; 2 left as they are",
    {
      action: "bulk_action.finished",
      target: { kind: "bulk_action", id: "", name: "suspend" },
      details: { action: "suspend", changed: 214, refused: 2 },
    },
  ],
  [
    "Began to undo deleting people",
    { action: "bulk_action.undo_started", target: { kind: "bulk_action", id: "", name: "delete" } },
  ],
  [
    "Corrected row 7 of people.csv: email address and password",
    {
      action: "import.row_corrected",
      target: { kind: "import", id: "", name: "people.csv" },
      fields: ["email", "password"],
      details: { file: 1, row: 7 },
    },
  ],
  [
    "Chose what the import of people.csv does: people who are here already and when emails go",
    {
      action: "import.choices_changed",
      target: { kind: "import", id: "", name: "people.csv" },
      fields: ["existing", "mail"],
    },
  ],
  [
    "Chose everybody missing from people.csv to be suspended",
    {
      action: "import.leavers_chosen",
      target: { kind: "import", id: "", name: "people.csv" },
      details: { ticked: true, everybody: true },
    },
  ],
  ["Failed to sign in as an unknown address", { action: "sign_in.refused", target: null }],
  ["Invited $& {}", { action: "user.invited", target: { kind: "user", id: "", name: "$& {}" } }],
  ["thing was done Ada Example", { action: "thing.was_done" }],
])("%s", (sentence, parts) => {
  expect(what(event(parts))).toBe(sentence);
});

test("whatever the server records has words", () => {
  const root = join(import.meta.dirname, "../..");
  const recorded = globSync(["server/features/**/*.ts", "cli/**/*.ts"], { cwd: root })
    .filter((file) => !file.endsWith(".test.ts"))
    .flatMap((file) => readFileSync(join(root, file), "utf8").split("\n"))
    .filter((line) => /\baction(: | = )/.test(line))
    .flatMap((line) => [...line.matchAll(/"([a-z_]+\.[a-z_]+)"/g)].map(([, action = ""]) => action));
  expect(recorded.length).toBeGreaterThan(50);
  const wordless = recorded.filter(
    (action) => what(event({ action })) === `${action.replaceAll(/[._]/g, " ")} Ada Example`,
  );
  expect(wordless).toEqual([]);
});

test("who it was, also where it was nobody with a name", () => {
  const by = (kind: AuditEvent["actor"]["kind"], name: string | null = null) =>
    who({ actor: { kind, id: null, name } });
  expect([by("user", "Olga Owner"), by("user"), by("system"), by("operator"), by("anonymous")]).toEqual([
    "Olga Owner",
    "Somebody erased",
    "Muster",
    "Operator, by command",
    "Not signed in",
  ]);
});

test("what somebody had asked for went on in the background; nobody asked for what Muster does by itself", () => {
  const from = (kind: AuditEvent["actor"]["kind"], ip: string | null) =>
    whence({ actor: { kind, id: null, name: null }, ip });
  expect([from("user", "192.0.2.1"), from("user", null), from("system", null)]).toEqual([
    "192.0.2.1",
    "In the background",
    undefined,
  ]);
});
