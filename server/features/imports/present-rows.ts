import type { Context } from "#server/context.ts";
import { groupNameKey } from "../groups/group-name.ts";
import { groupsCell } from "../groups/groups-cell.ts";
import { latestMessages } from "../mail/store.ts";
import { languageNames } from "../tenants/tenant-settings.ts";
import { findMissingGroups, missingGroups } from "./planning/missing-groups.ts";
import type { ColumnUse, RowLanguage } from "./reading/types.ts";
import type { ImportRow } from "./shapes.ts";
import { listFiles } from "./store.ts";
import type { RowRecord } from "./store-rows.ts";
import { conflictIn, why } from "./undoing/why-kept.ts";

type Field = ImportRow["problems"][number]["field"];

const fieldOfUse: Record<ColumnUse, Field> = {
  firstName: "firstName",
  lastName: "lastName",
  fullName: "firstName",
  email: "email",
  password: "password",
  groups: "groups",
  language: "language",
  blocked: "status",
};
const fieldOfName: Record<string, Field> = {
  "First name": "firstName",
  "Last name": "lastName",
  Email: "email",
  Password: "password",
  Groups: "groups",
  Language: "language",
};

/** Rows as the screen shows them: each problem at its value, old and new of a change, and where the email stands. */
export async function presentRows(
  ctx: Context,
  importId: string,
  rows: readonly RowRecord[],
): Promise<ImportRow[]> {
  const fields = await fieldsOf(ctx, importId);
  const groups = await groupNames(
    ctx,
    importId,
    rows.flatMap(({ plan }) => [...(plan?.add ?? []), ...(plan?.remove ?? [])]),
  );
  const nearest = await findMissingGroups(ctx, importId, rows);
  const messages = await latestMessages(
    ctx.tx,
    ctx.tenantId,
    rows.flatMap((row) => whomItMade(row) ?? []),
    "account",
  );
  return rows.map((row): ImportRow => {
    const fieldOf = (column: string) => fields.get(row.file_no)?.get(column) ?? fieldOfName[column] ?? null;
    const message = messages.get(whomItMade(row) ?? "");
    return {
      fileNo: row.file_no,
      rowNo: row.row_no,
      email: row.email,
      firstName: row.first_name,
      lastName: row.last_name,
      ...groupsOf(row),
      groupCell: row.group_cell ?? groupsCell(row.groups),
      language: row.language || null,
      hasPassword: row.has_password,
      suspended: row.suspended,
      outcome: row.outcome as ImportRow["outcome"],
      undo: undoOf(row),
      problems: [
        ...(row.problems ?? []).map((problem) => ({ ...problem, field: fieldOf(problem.column) })),
        ...problemsOf(row),
        ...missingGroups(row, nearest).map((group) => ({ column: "", field: "groups" as const, ...group })),
      ],
      warnings: [
        ...notesOf(row).map(({ column, message: text }) => ({
          column,
          field: fieldOf(column),
          message: text,
        })),
        ...warningsOf(row),
      ],
      changes: row.plan ? changesOf(row, groups) : [],
      userId: userOf(row),
      message: message ? { state: message.state, at: message.at, lastReply: message.lastReply } : null,
    };
  });
}

/** By the names the groups have here, each once; and which names of the file stand for one that is called otherwise. */
function groupsOf({ groups, real_groups: real }: RowRecord) {
  const named = groups.map((read, at) => ({ read, name: real[at] ?? read }));
  return {
    groups: [...new Set(named.map(({ name }) => name))],
    renamedGroups: named.filter(({ read, name }) => groupNameKey(read) !== groupNameKey(name)),
  };
}

const madeOutcomes = new Set(["created", "invited", "suspended", "undone", "kept"]);

/** Also of whoever undoing has erased: their email was withdrawn, or went out before. */
export const whomItMade = ({ outcome, user_id, existing_id }: RowRecord) =>
  existing_id === null && madeOutcomes.has(outcome) ? user_id : undefined;

const userOf = (row: RowRecord) =>
  row.existing_id ?? (row.outcome === "undone" ? null : (whomItMade(row) ?? null));

function undoOf({ outcome, existing_id, plan }: RowRecord): ImportRow["undo"] {
  if (outcome === "undone") return existing_id === null ? "erased" : "restored";
  return (outcome === "kept" && plan?.kept && conflictIn(plan.kept)) || null;
}

type Problem = ImportRow["problems"][number];

/** What is the matter with the whole row. */
const ofRow = (code: string, read: string, message: string): Problem[] => [
  { column: "", field: null, code, read, message },
];

function problemsOf({ email, outcome, plan, file_no, existing_id }: RowRecord): Problem[] {
  if (plan?.erased) {
    if (outcome === "undone" && existing_id === null)
      return ofRow("undone", "", "Undoing the import erased this person, and with them what the row said.");
    return ofRow("erased", "", "Whoever this row was about has been erased, and with them what it said.");
  }
  if (plan?.forgotten)
    return ofRow(
      "forgotten",
      "",
      "Nobody was made of this row, and what it said has been removed after some time.",
    );
  if (outcome === "duplicate" && plan?.first) {
    const [file, row] = plan.first;
    const where = file === file_no ? `row ${row}` : `row ${row} of file ${file}`;
    const message = `This address stands in ${where} already. That row is used, this one is left out.`;
    return ofRow("duplicate", email, message);
  }
  if (outcome === "conflict") {
    const message = existing_id
      ? "This user was changed while the import ran, and was left as they are. Import the file again to see what differs."
      : "A group of this row was deleted while the import ran, so the row was left out. Import the file again.";
    return ofRow("conflict", email, message);
  }
  if (outcome === "kept" && plan?.kept) {
    const code = conflictIn(plan.kept);
    return ofRow("kept", "", code ? why[code] : plan.kept);
  }
  return [];
}

/** What was noticed in reading; nothing is generated for somebody who is a user already. */
const notesOf = ({ notes, existing_id }: RowRecord) =>
  (notes ?? []).filter(({ code }) => existing_id === null || code !== "password_generated");

const whyLeftOut = {
  owner: "This is an owner. An import never changes an owner.",
  rank: "This user may do more than you may, so your import does not change them.",
};

function warningsOf({ outcome, plan }: RowRecord) {
  if (outcome !== "existing") return [];
  const message = plan?.why
    ? whyLeftOut[plan.why]
    : "This address is already a user. The row is left out; nothing about that user changes.";
  return [{ column: "", field: null, message }];
}

type Change = ImportRow["changes"][number];

/** What a row changed; once that is undone, the way back. */
function changesOf({ outcome, plan }: RowRecord, names: ReadonlyMap<string, string>): Change[] {
  if (!plan) return [];
  const back = outcome === "undone";
  const between = (field: Change["field"], [before, after]: readonly [string, string]): Change =>
    back ? { field, old: after, new: before } : { field, old: before, new: after };
  const spoken = (language: RowLanguage) => (language ? languageNames[language] : "");
  const signed = (sign: string, ids: readonly string[] = []) =>
    ids.map((id) => `${sign}${names.get(id) ?? "a deleted group"}`);
  const [added, removed] = back ? [plan.remove, plan.add] : [plan.add, plan.remove];
  const groups = [...signed("+", added), ...signed("−", removed)].join(", ");
  return [
    ...(plan.firstName ? [between("firstName", plan.firstName)] : []),
    ...(plan.lastName ? [between("lastName", plan.lastName)] : []),
    ...(plan.language ? [between("language", [spoken(plan.language[0]), spoken(plan.language[1])])] : []),
    ...(groups ? [{ field: "groups" as const, old: "", new: groups }] : []),
  ];
}

/** Which value each header of a file stands for. */
async function fieldsOf(ctx: Context, importId: string) {
  const files = await listFiles(ctx, [importId]);
  return new Map(
    files.map(({ file_no, recognised }) => [
      file_no,
      new Map(
        (recognised?.columns ?? []).flatMap(({ header, use }) =>
          use ? [[header, fieldOfUse[use]] as const] : [],
        ),
      ),
    ]),
  );
}

/** As they are called now; one that is gone, which this import may have made itself, as its file says. */
async function groupNames({ tx, tenantId }: Context, importId: string, groupIds: readonly string[]) {
  const rows = await tx.rows<{ id: string; name: string }>(
    `select n.id, coalesce(g.name, i.name) as name
       from unnest($3::uuid[]) n(id)
       left join groups g on g.tenant_id = $1 and g.id = n.id
       left join import_groups i on i.tenant_id = $1 and i.import_id = $2 and i.group_id = n.id
      where coalesce(g.name, i.name) is not null`,
    [tenantId, importId, [...new Set(groupIds)]],
  );
  return new Map(rows.map((row) => [row.id, row.name]));
}
