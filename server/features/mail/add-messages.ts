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
const first = new Date(0);

/** The only way messages are made: rows of the caller's transaction, and a sender woken when that commits. */
export async function addMessages(ctx: Context, requests: readonly MessageRequest[]): Promise<void> {
  if (requests.length === 0) return;
  const rows = requests.map(({ userId, kind, dueAt = ctx.now, when = "now" }) => {
    const notBefore = when instanceof Date ? when : null;
    const due = dueAt === "later" ? ("infinity" as const) : dueAt === "first" ? first : (notBefore ?? dueAt);
    const state = when === "held" ? ("held" as const) : ("queued" as const);
    return { id: uuid(), userId, kind, state, dueAt: due, notBefore };
  });
  await insertMessages(ctx.tx, rows, ctx);
  if (requests.some(({ dueAt, when }) => dueAt !== "later" && when !== "held")) await wakeSender(ctx);
}

/** Has a sender look at this tenant's due messages once the transaction commits; many wake-ups are one. */
export const wakeSender = ({ enqueue, tenantId }: Pick<Context, "enqueue" | "tenantId">) =>
  enqueue("mail.deliver", { tenantId }, { key: `mail.deliver:${tenantId}` });
