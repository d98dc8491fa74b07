import { z } from "zod";
import { endpoint } from "#server/platform/http/endpoint.ts";
import { tenantParams } from "../tenants/contract.ts";

/** held (until it is released) → queued → sending → accepted by the mail server, deferred (tried again), failed (given up) or withdrawn. */
export const messageState = z.enum([
  "held",
  "queued",
  "sending",
  "deferred",
  "accepted",
  "failed",
  "withdrawn",
]);

/** Where a person's latest message stands. */
export const mailSummary = z.object({
  messageId: z.uuid(),
  state: messageState,
  at: z.iso.datetime(),
  lastReply: z.string().nullable().describe("The mail server's own words."),
});

export const messageSchema = z.object({
  id: z.uuid(),
  userId: z.uuid(),
  kind: z.string(),
  state: messageState,
  attempts: z.int(),
  recipient: z.string().nullable(),
  lastReply: z.string().nullable(),
  createdAt: z.iso.datetime(),
  dueAt: z.iso.datetime().nullable().describe("When it is tried next; null while it waits for something."),
  finishedAt: z.iso.datetime().nullable(),
});
export type Message = z.output<typeof messageSchema>;

export const listMessages = endpoint({
  method: "GET",
  path: "/t/:tenant/messages",
  summary: "Messages, the newest first",
  params: tenantParams,
  query: z.object({
    userId: z.uuid().optional(),
    state: messageState.optional(),
    cursor: z.string().max(400).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  output: z.object({ items: z.array(messageSchema), nextCursor: z.string().nullable() }),
  errors: ["cursor.invalid"],
});

const mailboxItem = z.object({
  id: z.uuid(),
  tenant: z.string().describe("Its slug."),
  recipient: z.string(),
  subject: z.string(),
  receivedAt: z.iso.datetime(),
});
const mailboxMessage = mailboxItem.extend({
  headers: z.string(),
  text: z.string(),
  html: z.string(),
});
const mailboxQuery = z.object({
  search: z.string().max(200).optional().describe("Part of a recipient or subject."),
  cursor: z.string().max(400).optional(),
});
const mailboxPage = z.object({ items: z.array(mailboxItem), nextCursor: z.string().nullable() });

export const listMailbox = endpoint({
  method: "GET",
  path: "/mailbox",
  summary: "The built-in mailbox of the installation, for a direct visitor from this machine only",
  query: mailboxQuery,
  output: mailboxPage,
  errors: ["not_found", "cursor.invalid"],
});
export const getMailboxMessage = endpoint({
  method: "GET",
  path: "/mailbox/:id",
  summary: "One message of the built-in mailbox",
  params: z.object({ id: z.uuid() }),
  output: mailboxMessage,
  errors: ["not_found"],
});
export const listTenantMailbox = endpoint({
  method: "GET",
  path: "/t/:tenant/mailbox",
  summary: "The tenant's part of the built-in mailbox, for its owner",
  params: tenantParams,
  query: mailboxQuery,
  output: mailboxPage,
  errors: ["not_found", "cursor.invalid"],
});
export const getTenantMailboxMessage = endpoint({
  method: "GET",
  path: "/t/:tenant/mailbox/:id",
  summary: "One message of the tenant's part of the built-in mailbox",
  params: tenantParams.extend({ id: z.uuid() }),
  output: mailboxMessage,
  errors: ["not_found"],
});
