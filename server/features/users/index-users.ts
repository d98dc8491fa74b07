import type { Context, Job, JobServices } from "#server/context.ts";
import { foldMemberCounts, groupsWithManyCounts } from "../groups/store-member-counts.ts";
import { foldText } from "./person-name.ts";
import { foldCounts, tenantsWithManyCounts } from "./store-counts.ts";
import { writeDailyCounts } from "./store-daily-counts.ts";
import { rewriteWords, takeDueWords, tenantsWithDueWords, writeWords } from "./store-search.ts";

const turnMs = 1_000;
const afterManyMs = 5_000;

/** Users were added or renamed: they are found by parts of their names a moment later, and thousands when they are all there. */
export const wakeIndexing = ({ enqueue, tenantId }: Pick<Context, "enqueue" | "tenantId">, many = false) =>
  many
    ? enqueue(
        "users.index",
        { tenantId },
        { key: `users.index.later:${tenantId}`, runAt: new Date(Date.now() + afterManyMs) },
      )
    : enqueue("users.index", { tenantId }, { key: `users.index:${tenantId}` });

/** Writes what some of the users are searched by. Answers whether there may be more. */
export async function indexUsers(ctx: Context): Promise<boolean> {
  const userIds = await takeDueWords(ctx);
  if (userIds.length === 0) return false;
  const others = await writeWords(ctx, userIds);
  await rewriteWords(
    ctx,
    others.map(({ id, given_key, email }) => ({ userId: id, words: `${given_key} ${foldText(email)}` })),
  );
  return true;
}

/** For one turn; then it is another tenant's. */
async function indexForATurn(tenantId: string, services: JobServices) {
  const turnEnds = Date.now() + turnMs;
  let more = true;
  while (more && !services.signal.aborted && Date.now() < turnEnds) {
    more = (await services.inTenant(tenantId, indexUsers)) ?? false;
  }
  if (more) await wakeIndexing({ ...services, tenantId });
}

/** `users.index` is only a wake-up; `users.tidy` finds again what has none, and folds counts; `users.count` keeps today's. */
export const userJobs: readonly Job[] = [
  {
    name: "users.index",
    lane: "quick",
    run: ({ tenantId = "" }, services) => indexForATurn(tenantId, services),
  },
  {
    name: "users.tidy",
    lane: "quick",
    cron: "* * * * *",
    run: async (_payload, services) => {
      const { database, inTenant } = services;
      const due = await database.asSystem("find users to index", tenantsWithDueWords);
      for (const { tenant_id: tenantId } of due) await wakeIndexing({ ...services, tenantId }, true);
      const counted = await database.asSystem("find counts to fold", tenantsWithManyCounts);
      for (const { tenant_id: tenantId } of counted) await inTenant(tenantId, foldCounts);
      const groups = await database.asSystem("find counts of groups to fold", groupsWithManyCounts);
      for (const { tenant_id: tenantId, group_ids } of groups) {
        await inTenant(tenantId, (ctx) => foldMemberCounts(ctx, group_ids));
      }
    },
  },
  {
    name: "users.count",
    lane: "quick",
    cron: "53 * * * *",
    run: async (_payload, { database }) => {
      await database.asSystem("keep how many users there are today", (tx) =>
        writeDailyCounts(tx, new Date()),
      );
    },
  },
];
