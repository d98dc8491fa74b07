import { v7 as uuid } from "uuid";
import type { Context } from "#server/context.ts";
import { insertMessages } from "./store.ts";

export type MessageRequest = {
  userId: string;
  kind: string;
  /**
   * Now unless said otherwise. `later`: it waits until `makeDue`. `first`: somebody sits and waits for it, so it goes
   * before everything that is already queued.
   */
  dueAt?: Date | "later" | "first";
  /** When it may go at all: when somebody releases it, or not before a time. */
  when?: MailTime;
};

export type MailTime = "now" | "held" | Date;

/** Due since the beginning of time: before whatever is queued. */
const firstOfAll = new Date(0);

/** The only way messages are made: rows of the caller's transaction, and a sender woken when that commits. */
export async function addMessages(ctx: Context, requests: readonly MessageRequest[]): Promise<void> {
  if (requests.length === 0) return;
  // Thousands of an import differ in nothing but whom they are to.
  for (const alike of Map.groupBy(requests, describe).values()) await insertAlike(ctx, alike);
  if (requests.some(({ dueAt, when }) => dueAt !== "later" && when !== "held")) await wakeSender(ctx);
}

const describe = ({ kind, dueAt, when }: MessageRequest) => [kind, dueAt?.valueOf(), when?.valueOf()].join();

async function insertAlike(ctx: Context, requests: readonly MessageRequest[]) {
  const [first] = requests;
  if (!first) return;
  const { kind, dueAt = ctx.now, when = "now" } = first;
  const notBefore = when instanceof Date ? when : null;
  await insertMessages(ctx.tx, ctx, {
    kind,
    state: when === "held" ? "held" : "queued",
    dueAt: dueAt === "later" ? "infinity" : dueAt === "first" ? firstOfAll : (notBefore ?? dueAt),
    notBefore,
    messages: requests.map(({ userId }) => ({ id: uuid(), userId })),
  });
}

/** Has a sender look at this tenant's due messages once the transaction commits; many wake-ups are one. */
export const wakeSender = ({ enqueue, tenantId }: Pick<Context, "enqueue" | "tenantId">) =>
  enqueue("mail.deliver", { tenantId }, { key: `mail.deliver:${tenantId}` });
