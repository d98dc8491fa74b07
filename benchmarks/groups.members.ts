import { listGroups } from "#server/features/groups/store.ts";
import { listUsers } from "#server/features/users/list-users.ts";
import { countUserRows } from "#server/features/users/store-counts.ts";
import type { Options } from "./support/figure.ts";
import { listFigure } from "./support/list-figure.ts";
import { type Question, withMillion } from "./support/million.ts";

export const about =
  "Groups of a tenant of a million, against a bare query in the same kind of transaction: a page of them, a page of members, the counts.";
export const bars = { "groups.list": 5, "groups.members": 5, "groups.members_count": 100 };
export const usual = { rows: 1_000_000, runs: 5 };

const firstGroups: Question = (ctx) =>
  listGroups(ctx, { search: "", after: ["", "00000000-0000-0000-0000-000000000000"], limit: 50 });

/**
 * The groups with their numbers of members, and a group's page, in a tenant of `--rows` people, a fortieth of them in each group and half of them in a second one: the first
 * 50 members by name, and how many there are of each status. As `users.list` is measured.
 */
export async function measure({ rows, runs }: Options) {
  return withMillion(rows, async (_installation, { door, id }, postgres) => {
    const settings = { rows, runs, postgres, besides: "200 tenants of 1,000" };
    const groups = await door.run(({ tx }) =>
      tx.rows<{ id: string }>("select id from groups where tenant_id = $1 order by name_key limit 10", [id]),
    );
    const members = groups.map(
      ({ id: groupId }): Question =>
        (ctx) =>
          listUsers(ctx, { sort: "name", limit: 50, groupId }),
    );
    const counts = groups.map(
      ({ id: groupId }): Question =>
        (ctx) =>
          countUserRows(ctx, { groupId }),
    );
    return [
      await listFigure({ door, figure: "groups.list", bar: bars["groups.list"], runs, settings }, [
        firstGroups,
      ]),
      await listFigure(
        { door, figure: "groups.members", bar: bars["groups.members"], runs, settings },
        members,
      ),
      await listFigure(
        { door, figure: "groups.members_count", bar: bars["groups.members_count"], runs, settings },
        counts,
      ),
    ];
  });
}
