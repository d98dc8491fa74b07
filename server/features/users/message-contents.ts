import type { Context } from "#server/context.ts";
import type { MessageContent, PendingMessage } from "../mail/kinds.ts";
import { type Recipient, recipients } from "./recipients.ts";

const gone = "The user is suspended or deleted.";
const cameBack =
  "An earlier email to this address came back. Correct the address or clear the mark at the user, then send it again.";

type Values = Record<string, string | Date>;
type Withdrawal = { withdraw: string; replace?: boolean };
type Say = (userId: string, recipient: Recipient) => Values | Withdrawal;

const isWithdrawal = (said: Values | Withdrawal): said is Withdrawal => "withdraw" in said;

/** Those whose messages go although an earlier one came back. */
type Despite = (recipient: Recipient) => boolean;
const nobody: Despite = () => false;

/** What each message says to those who may get email. Nothing goes to an address that an email came back from. */
export const contentsOf = (ctx: Context, messages: readonly PendingMessage[], say: Say) =>
  contentsFor(ctx, messages, { say, despiteFailure: nobody });

/** The same, and owners get theirs all the same: it may be their only way back in. */
export const contentsForOwnersToo = (ctx: Context, messages: readonly PendingMessage[], say: Say) =>
  contentsFor(ctx, messages, { say, despiteFailure: ({ role }) => role === "owner" });

type Saying = { say: Say; despiteFailure: Despite };

async function contentsFor(
  ctx: Context,
  messages: readonly PendingMessage[],
  { say, despiteFailure }: Saying,
) {
  const userIds = messages.map((message) => message.userId);
  const people = await recipients(ctx.tx, ctx.tenantId, userIds);
  const contentFor = ({ userId }: PendingMessage): MessageContent => {
    const recipient = people.get(userId);
    if (!recipient) return { withdraw: gone };
    if (recipient.mailFailed && !despiteFailure(recipient)) return { withdraw: cameBack };
    const said = say(userId, recipient);
    if (isWithdrawal(said)) return said;
    const { name, address, language, firstName, lastName } = recipient;
    return { to: { name, address }, language, values: { firstName, lastName, ...said } };
  };
  return new Map(messages.map((message) => [message.id, contentFor(message)]));
}
