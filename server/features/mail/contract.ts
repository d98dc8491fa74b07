import { z } from "zod";
import { endpoint } from "#server/platform/http/endpoint.ts";
import { tenantParams } from "../tenants/contract.ts";

/**
 * held (until it is released) or scheduled (until its time) → queued → sending → accepted by the mail server, deferred
 * (tried again), refused by it for good, expired (given up after trying for long enough) or withdrawn. One that was accepted
 * may still come back: bounced.
 */
export const messageState = z.enum([
  "held",
  "scheduled",
  "queued",
  "sending",
  "deferred",
  "accepted",
  "refused",
  "bounced",
  "expired",
  "withdrawn",
]);
export type MessageState = z.output<typeof messageState>;

/** Where a person's latest message stands. */
export const mailSummary = z.object({
  messageId: z.uuid(),
  state: messageState,
  at: z.iso.datetime(),
  lastReply: z.string().nullable().describe("The mail server's own words."),
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
