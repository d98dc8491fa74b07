import type { Context } from "#server/context.ts";
import type { MessageContent, PendingMessage } from "../mail/kinds.ts";
import { type Recipient, recipients } from "./recipients.ts";

const gone = "The user is suspended or deleted.";
const cameBack =
  "An earlier email to this address came back. Correct the address or clear the mark at the user, then send it again.";

type Values = Record<string, string | Date>;
type Withdrawal = { withdraw: string; replace?: boolean };
type Say = (userId: string, recipient: Recipient, message: PendingMessage) => Values | Withdrawal;

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

/** What tells of somebody else at work goes whatever was done to its person and their address: it may have been the same one. */
export const contentsInAnyCase = (ctx: Context, messages: readonly PendingMessage[], say: Say) =>
  contentsFor(ctx, messages, { say, despiteFailure: () => true, suspendedToo: true });

type Saying = { say: Say; despiteFailure: Despite; suspendedToo?: boolean };

async function contentsFor(
  ctx: Context,
  messages: readonly PendingMessage[],
  { say, despiteFailure, suspendedToo = false }: Saying,
) {
  const userIds = messages.map((message) => message.userId);
  const people = await recipients(ctx.tx, ctx.tenantId, { userIds, suspendedToo });
  const contentFor = (message: PendingMessage): MessageContent => {
    const { userId } = message;
    const recipient = people.get(userId);
    if (!recipient) return { withdraw: gone };
    if (recipient.mailFailed && !despiteFailure(recipient)) return { withdraw: cameBack };
    const said = say(userId, recipient, message);
    if (isWithdrawal(said)) return said;
    const { name, address, language, firstName, lastName } = recipient;
    return { to: { name, address }, language, values: { firstName, lastName, ...said } };
  };
  return new Map(messages.map((message) => [message.id, contentFor(message)]));
}
