import type { Door } from "#server/context.ts";
import { roleNames } from "#server/permissions.ts";
import { byteOrderMark, csvLine } from "#server/platform/http/to-csv.ts";
import { groupsOf } from "../groups/store.ts";
import type { UserFilter } from "./filter-sql.ts";
import type { UserRow } from "./store.ts";
import { listUserRows, type UserPage } from "./store-list.ts";

const pageRows = 2000;
const headers = ["First name", "Last name", "Email", "Groups", "Status", "Role"];
const statusNames = { invited: "Invited", active: "Active", suspended: "Suspended" };

/** Users as rows of an import file: importing it as it is changes nothing, and a changed cell is one change. */
export async function* exportUsers(door: Door, filter: UserFilter): AsyncGenerator<string> {
  yield byteOrderMark + csvLine(headers);
  let from: UserPage["from"];
  while (true) {
    const found = await door.run((ctx) =>
      listUserRows(ctx, filter, { limit: pageRows, ...(from && { from }) }),
    );
    const rows = found.slice(0, pageRows);
    const groups = await door.run((ctx) =>
      groupsOf(
        ctx,
        rows.map((row) => row.id),
      ),
    );
    yield rows.map((row) => csvLine(cellsOf(row, groups.get(row.id) ?? []))).join("");
    const last = rows.at(-1);
    if (!last || found.length <= pageRows) return;
    from = { direction: "next", key: last.sort_key, id: last.id };
  }
}

const cellsOf = (user: UserRow, groups: readonly { name: string }[]) => [
  user.first_name,
  user.last_name,
  user.email,
  groups.map((group) => group.name).join("; "),
  statusNames[user.status],
  roleNames[user.role],
];
