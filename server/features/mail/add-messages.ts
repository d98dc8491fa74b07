import { v7 as uuid } from "uuid";
import type { Context } from "#server/context.ts";
import { after, type SqlSource } from "#server/platform/db/sql-source.ts";
import { dueFirst } from "./sending/store-claims.ts";
import { insertMessages } from "./store.ts";

/**
 * Due now unless said otherwise. `later`: it waits until `makeDue`. `first`: somebody sits and waits for it, so it goes
 * before everything that is already queued.
 */
export type MessageRequest = {
  userId: string;
  kind: string;
  dueAt?: Date | "later" | "first";
  /** What it tells of, where that is not its person. */
  about?: string | null;
  when?: MailTime;
};

/** When messages may go at all: now, when somebody releases them, or not before a time. */
export type MailTime = "now" | "held" | Date;

const dueTimes = { later: "infinity", first: dueFirst };

/** Messages to some people: rows of the caller's transaction, and a sender woken when that commits. */
export async function addMessages(ctx: Context, requests: readonly MessageRequest[]): Promise<void> {
  if (requests.length === 0) return;
  await insertMessages(ctx, {
    sql: `select id, user_id, kind, state, greatest(due_at, not_before) as due_at, not_before, about
            from unnest($2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::uuid[], $7::text[], $8::timestamptz[])
              m(id, user_id, kind, due_at, about, state, not_before)`,
    values: [
      requests.map(() => uuid()),
      requests.map((request) => request.userId),
      requests.map((request) => request.kind),
      requests.map(({ dueAt = ctx.now }) => (dueAt instanceof Date ? dueAt : dueTimes[dueAt])),
      requests.map(({ about = null }) => about),
      requests.map(({ when }) => (when === "held" ? "held" : "queued")),
      requests.map(({ when }) => (when instanceof Date ? when : null)),
    ],
  });
  if (requests.some(({ dueAt }) => dueAt === "first")) await wakeUrgently(ctx);
  if (requests.some(({ dueAt, when }) => dueAt !== "first" && dueAt !== "later" && when !== "held"))
    await wakeSender(ctx);
}

/**
 * The first message of each of these people (`user_id`, `kind`, `waits`: until `makeDue`), who may be thousands. It has the
 * id of its person, so that nobody is ever sent two.
 */
export async function addFirstMessages(ctx: Context, people: SqlSource, when: MailTime): Promise<void> {
  const notBefore = when instanceof Date ? when : null;
  const [state, due, earliest] = [1, 2, 3].map((k) => after(people, k));
  await insertMessages(ctx, {
    sql: `select p.user_id as id, p.user_id, p.kind, ${state}::text as state,
                 case when p.waits then 'infinity' else ${due}::timestamptz end as due_at, ${earliest}::timestamptz as not_before,
                 null::uuid as about
            from (${people.sql}) p`,
    values: [...people.values, when === "held" ? "held" : "queued", notBefore ?? ctx.now, notBefore],
  });
  if (when !== "held") await wakeSender(ctx);
}

/** Has a sender look at this tenant's due messages once the transaction commits; many wake-ups are one. */
export const wakeSender = ({ enqueue, tenantId }: Pick<Context, "enqueue" | "tenantId">) =>
  enqueue("mail.deliver", { tenantId }, { key: `mail.deliver:${tenantId}` });

/** The same at a later time; of several times the latest said counts. */
export const wakeSenderAt = (
  { enqueue, tenantId }: Pick<Context, "enqueue" | "tenantId">,
  job: "mail.deliver" | "mail.deliver_first",
  runAt: Date,
) => enqueue(job, { tenantId }, { key: `${job}.later:${tenantId}`, runAt });

/** The same for what somebody sits and waits for: it has workers of its own, and waits for nobody's import. */
const wakeUrgently = ({ enqueue, tenantId }: Pick<Context, "enqueue" | "tenantId">) =>
  enqueue("mail.deliver_first", { tenantId }, { key: `mail.deliver_first:${tenantId}` });
