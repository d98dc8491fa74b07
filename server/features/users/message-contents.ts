import type { Context } from "#server/context.ts";
import type { MessageContent, PendingMessage } from "../mail/kinds.ts";
import { type Recipient, recipients } from "./recipients.ts";

const gone = "The user is suspended or deleted.";

type Values = Record<string, string>;
type Withdrawal = { withdraw: string; replace?: boolean };
type Say = (userId: string, recipient: Recipient) => Values | Withdrawal;

const isWithdrawal = (said: Values | Withdrawal): said is Withdrawal => "withdraw" in said;

/** What each message says to those who may get email. */
export async function contentsOf(ctx: Context, messages: readonly PendingMessage[], say: Say) {
  const userIds = messages.map((message) => message.userId);
  const people = await recipients(ctx.tx, ctx.tenantId, userIds);
  const contentFor = ({ userId }: PendingMessage): MessageContent => {
    const recipient = people.get(userId);
    if (!recipient) return { withdraw: gone };
    const said = say(userId, recipient);
    if (isWithdrawal(said)) return said;
    const { name, address, firstName } = recipient;
    return { to: { name, address }, values: { firstName, ...said } };
  };
  return new Map(messages.map((message) => [message.id, contentFor(message)]));
}
