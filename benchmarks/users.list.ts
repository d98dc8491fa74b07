import type { z } from "zod";
import { type listUsers as contract, userSorts } from "#server/features/users/contract.ts";
import type { UserFilter } from "#server/features/users/filter-sql.ts";
import { listUsers } from "#server/features/users/list-users.ts";
import { countUserRows } from "#server/features/users/store-counts.ts";
import type { Options } from "./support/figure.ts";
import { listFigure } from "./support/list-figure.ts";
import { type Question, withMillion } from "./support/million.ts";
import { daysAgo, searchedWords, userFilters } from "./support/user-questions.ts";

type Query = Partial<z.output<typeof contract.query>>;
const page =
  (query: Query): Question =>
  (ctx) =>
    listUsers(ctx, { sort: "name", limit: 50, ...query });

export const about =
  "The list of users in a tenant of a million, against a bare query in the same kind of transaction: pages, orders, filters, search, counts.";
export const bars = {
  "users.list": 5,
  "users.sort": 5,
  "users.filter": 5,
  "users.search": 5,
  "users.count": 100,
  "users.count_combined": 100,
};
export const usual = { rows: 1_000_000, runs: 5 };

/**
 * The list of users in a tenant of `--rows` people with 200 tenants of 1,000 beside it, as the server
 * answers it: transaction, page of 50 with groups, invitations and emails. Each is a multiple of a bare query in a
 * transaction that sets the tenant, through the same pool, asked in turn with it.
 */
export async function measure({ rows, runs }: Options) {
  return withMillion(rows, async (_installation, tenant, postgres) => {
    const { door, id } = tenant;
    const settings = { rows, runs, postgres, besides: "200 tenants of 1,000" };
    const [group] = await door.run(({ tx }) =>
      tx.rows<{ id: string }>("select id from groups where tenant_id = $1 order by name_key", [id]),
    );
    const groupId = group?.id ?? id;
    const counts: UserFilter[] = [
      {},
      { neverSignedIn: true },
      { secondFactor: "none" },
      { role: "administrator" },
      { groupId },
    ];
    const combined: UserFilter[] = [
      { groupId, status: "active" },
      { groupId, secondFactor: "none" },
      { invitationExpired: true },
      { mailFailed: true },
      { importId: id },
      { createdFrom: daysAgo(7) },
      { createdFrom: daysAgo(7), secondFactor: "none" },
      { search: "wolter" },
    ];
    const counted =
      (filter: UserFilter): Question =>
      (ctx) =>
        countUserRows(ctx, filter);
    const figure = (name: keyof typeof bars, questions: readonly Question[]) =>
      listFigure({ door, figure: name, bar: bars[name], runs, settings }, questions);
    return [
      await figure("users.list", [page({})]),
      await figure(
        "users.sort",
        userSorts.map((sort) => page({ sort })),
      ),
      await figure("users.filter", userFilters({ groupId, importId: id }).map(page)),
      await figure(
        "users.search",
        searchedWords.map((search) => page({ search })),
      ),
      await figure("users.count", counts.map(counted)),
      await figure("users.count_combined", combined.map(counted)),
    ];
  });
}
