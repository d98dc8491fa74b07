import { Readable } from "node:stream";
import type { Door } from "#server/context.ts";
import { roleNames } from "#server/permissions.ts";
import { byteOrderMark, csvLine, textCell } from "#server/platform/http/to-csv.ts";
import { toXlsx } from "#server/platform/http/to-xlsx.ts";
import { record } from "../audit/record.ts";
import { groupsCell } from "../groups/groups-cell.ts";
import { languageNames } from "../tenants/tenant-settings.ts";
import type { UserFilter } from "./filter-sql.ts";
import { countUserRows } from "./store-counts.ts";
import { type ExportedUser, listExportedUsers } from "./store-export.ts";

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
];
const statusNames = { invited: "Invited", active: "Active", suspended: "Suspended" };

/** Users as an import file: importing it as it is changes nothing, and a changed cell is one change. Answers how many. */
export async function exportUsers(door: Door, filter: UserFilter, format: ExportFormat) {
  // Before the first of them leaves: also a download that is broken off stays on record.
  const users = await door.run(async (ctx) => {
    const { all } = await countUserRows(ctx, filter);
    await record(ctx, {
      action: "users.exported",
      target: { kind: "tenant", id: ctx.tenantId },
      details: { users: all, format, ...describeFilter(filter) },
    });
    return all;
  });
  const content =
    format === "csv" ? Readable.from(csvPages(door, filter)) : toXlsx(workbookRows(door, filter), "Users");
  return { users, content };
}

/** What somebody searched for is a name or an address: that there was a search is all that is said. */
const describeFilter = ({ search, ...others }: UserFilter): Record<string, string | boolean> => {
  const given = Object.entries(others).flatMap(([part, value]) =>
    value === undefined ? [] : [[part, value instanceof Date ? value.toISOString() : value]],
  );
  return { ...(search && { search: true }), ...Object.fromEntries(given) };
};

async function* csvPages(door: Door, filter: UserFilter): AsyncGenerator<string> {
  yield byteOrderMark + csvLine(headers);
  for await (const page of pagesOf(door, filter)) yield page.map((user) => csvLine(cellsOf(user))).join("");
}

async function* workbookRows(door: Door, filter: UserFilter): AsyncGenerator<string[]> {
  yield headers;
  for await (const page of pagesOf(door, filter)) for (const user of page) yield cellsOf(user).map(textCell);
}

/** Page by page, each a transaction of its own: memory stays flat, and a slow client keeps none open. */
async function* pagesOf(door: Door, filter: UserFilter): AsyncGenerator<ExportedUser[]> {
  for (let after = beforeAll; ; ) {
    const page = await door.run((ctx) => listExportedUsers(ctx, filter, { after, limit: pageRows }));
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
];
