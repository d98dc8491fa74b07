import { Readable } from "node:stream";
import type { Door } from "#server/context.ts";
import { roleNames } from "#server/permissions.ts";
import { byteOrderMark, csvLine, textCell } from "#server/platform/http/to-csv.ts";
import { toXlsx } from "#server/platform/http/to-xlsx.ts";
import { record } from "../audit/record.ts";
import { groupsCell } from "../groups/groups-cell.ts";
import { languageNames } from "../tenants/tenant-settings.ts";
import { countSelected } from "./store-counts.ts";
import { type ExportedUser, listExportedUsers } from "./store-export.ts";
import type { UserSelection } from "./store-selection.ts";

export type ExportFormat = "csv" | "xlsx";

const pageRows = 2000;
const beforeAll = "00000000-0000-0000-0000-000000000000";
/** First the columns of the import template, then what an import only reads of new people (the status) or not at all. */
const headers = [
  "First name",
  "Last name",
  "Email",
  "Groups",
  "Language",
  "Status",
  "Portal role",
  "Created",
  "Last sign-in",
  "Second factor",
];
const statusNames = { invited: "Invited", active: "Active", suspended: "Suspended" };

/** Users as an import file: importing it as it is changes nothing, and a changed cell is one change. Answers how many. */
export async function exportUsers(door: Door, whom: UserSelection, format: ExportFormat) {
  // Before the first of them leaves: also a download that is broken off stays on record.
  const users = await door.run(async (ctx) => {
    const people = await countSelected(ctx, whom);
    await record(ctx, {
      action: "users.exported",
      target: { kind: "tenant", id: ctx.tenantId },
      details: { users: people, format, ...describe(whom) },
    });
    return people;
  });
  const content =
    format === "csv" ? Readable.from(csvPages(door, whom)) : toXlsx(workbookRows(door, whom), "Users");
  return { users, content };
}

/** What somebody searched for is a name or an address: that there was a search is all that is said. */
function describe(whom: UserSelection): Record<string, string | number | boolean> {
  if ("ids" in whom) return { oneByOne: true };
  const { search, ...others } = whom.filter;
  const given = Object.entries(others).flatMap(([part, value]) =>
    value === undefined ? [] : [[part, value instanceof Date ? value.toISOString() : value]],
  );
  const excluded = whom.excluded.length;
  return { ...(search && { search: true }), ...Object.fromEntries(given), ...(excluded > 0 && { excluded }) };
}

async function* csvPages(door: Door, whom: UserSelection): AsyncGenerator<string> {
  yield byteOrderMark + csvLine(headers);
  for await (const page of pagesOf(door, whom)) yield page.map((user) => csvLine(cellsOf(user))).join("");
}

async function* workbookRows(door: Door, whom: UserSelection): AsyncGenerator<string[]> {
  yield headers;
  for await (const page of pagesOf(door, whom)) for (const user of page) yield cellsOf(user).map(textCell);
}

/** Page by page, each a transaction of its own: memory stays flat, and a slow client keeps none open. */
async function* pagesOf(door: Door, whom: UserSelection): AsyncGenerator<ExportedUser[]> {
  for (let after = beforeAll; ; ) {
    const page = await door.run((ctx) => listExportedUsers(ctx, whom, { after, limit: pageRows }));
    if (page.length > 0) yield page;
    const last = page[pageRows - 1];
    if (!last) return;
    after = last.id;
  }
}

const cellsOf = (user: ExportedUser): string[] => [
  user.first_name,
  user.last_name,
  user.email,
  groupsCell(user.groups),
  user.language ? languageNames[user.language] : "",
  statusNames[user.status],
  roleNames[user.role],
  user.created_at.toISOString(),
  user.last_sign_in_at?.toISOString() ?? "",
  user.has_factor ? "set up" : "none",
];
