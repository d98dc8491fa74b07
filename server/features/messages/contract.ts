import { z } from "zod";
import { endpoint } from "#server/platform/http/endpoint.ts";
import { messageState } from "../mail/contract.ts";
import { tenantParams } from "../tenants/contract.ts";

const messageParams = tenantParams.extend({ messageId: z.uuid() });

export const messageSchema = z.object({
  id: z.uuid(),
  userId: z.uuid(),
  person: z
    .object({ name: z.string(), email: z.string() })
    .nullable()
    .describe("As they are called now; null when they were deleted."),
  kind: z.string(),
  state: messageState,
  attempts: z.int(),
  recipient: z.string().nullable().describe("The address it was handed over for."),
  lastReply: z.string().nullable().describe("The mail server's own words."),
  createdAt: z.iso.datetime(),
  dueAt: z.iso.datetime().nullable().describe("When it is tried next; null while it waits for something."),
  finishedAt: z.iso.datetime().nullable(),
  canResend: z.boolean(),
  canWithdraw: z.boolean(),
});
export type Message = z.output<typeof messageSchema>;

export const messageFilter = z.object({
  search: z.string().max(200).optional().describe("How a person's name or email address begins."),
  userId: z.uuid().optional(),
  kind: z.string().max(100).optional(),
  importId: z.uuid().optional(),
  from: z.iso.datetime({ offset: true }).optional().describe("Made at or after this moment."),
  before: z.iso.datetime({ offset: true }).optional().describe("Made before this moment."),
});

export const listMessages = endpoint({
  method: "GET",
  path: "/t/:tenant/messages",
  summary: "Messages, the newest first",
  params: tenantParams,
  query: messageFilter.extend({
    state: messageState.optional(),
    cursor: z.string().max(400).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  output: z.object({ items: z.array(messageSchema), nextCursor: z.string().nullable() }),
  errors: ["cursor.invalid"],
});

export const countMessages = endpoint({
  method: "GET",
  path: "/t/:tenant/messages/counts",
  summary: "How many messages there are, by state",
  params: tenantParams,
  query: messageFilter,
  output: z.object({
    states: z.record(messageState, z.int()),
    atMost: z.int().describe("It is counted so far; a larger number means that there are more."),
  }),
  errors: [],
});

export const getMessage = endpoint({
  method: "GET",
  path: "/t/:tenant/messages/:messageId",
  summary: "One message: what it says, with secrets masked, and what was said of it",
  params: messageParams,
  output: z.object({
    message: messageSchema,
    history: z
      .array(
        z.object({
          outcome: z.enum(["deferred", "refused", "expired", "delayed", "bounced"]),
          at: z.iso.datetime(),
          reply: z.string().nullable(),
        }),
      )
      .describe("Tries that did not succeed and reports that came back, the newest first."),
    preview: z
      .object({
        subject: z.string(),
        html: z.string(),
        text: z.string(),
        outdated: z.string().nullable().describe("Why it would not be sent like this any more."),
        as: z
          .enum(["sent", "now"])
          .describe(
            "sent: in the words and with the tenant's name, colour and logo that it was sent with; now: not sent, as it would be now.",
          ),
      })
      .nullable()
      .describe("Passwords and links are masked; null for a kind this version does not know."),
  }),
  errors: ["not_found"],
});

export const withdrawMessage = endpoint({
  method: "POST",
  path: "/t/:tenant/messages/:messageId/withdraw",
  summary: "Take back a message that has not been handed over yet",
  params: messageParams,
  output: messageSchema,
  errors: ["not_found", "message.gone", "message.sent_once", "user.not_yours_to_change"],
});

export const resendMessage = endpoint({
  method: "POST",
  path: "/t/:tenant/messages/:messageId/resend",
  summary: "Send it again: what tells of an account with a new link where the old one is of no use",
  params: messageParams,
  output: messageSchema,
  errors: [
    "not_found",
    "message.not_finished",
    "message.sent_once",
    "user.suspended",
    "user.mail_failed",
    "user.not_yours_to_change",
  ],
});

export const retryFailedMessages = endpoint({
  method: "POST",
  path: "/t/:tenant/messages/retry-failed",
  summary:
    "Write again to everybody whose latest message failed, or was never sent because there was no mail server, and matches the filter, some thousand at a time",
  params: tenantParams,
  body: messageFilter.extend({ state: messageState.optional() }),
  output: z.object({
    retried: z.int(),
    more: z.boolean().describe("Whether there may be more of them: then ask again."),
  }),
  errors: [],
});

export const clearMailFailure = endpoint({
  method: "POST",
  path: "/t/:tenant/users/:userId/mail-failure/clear",
  summary: "Let email go again to an address that had sent one back for good",
  params: tenantParams.extend({ userId: z.uuid() }),
  errors: ["not_found", "user.not_yours_to_change"],
});
