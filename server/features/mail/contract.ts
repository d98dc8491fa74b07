import { z } from "zod";
import { endpoint } from "#server/platform/http/endpoint.ts";
import { tenantParams } from "../tenants/contract.ts";
import { wordingLanguage, wordingSchema } from "./shapes.ts";

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

const wordingAnswer = z.object({
  language: wordingLanguage,
  usual: wordingSchema,
  said: wordingSchema.describe("What it says now: the tenant's own words where it has any."),
  version: z.int().describe("Send it back with a change: a change made meanwhile is then not overwritten."),
});
export type WordingAnswer = z.output<typeof wordingAnswer>;

const wordingsAnswer = z.object({
  items: z.array(
    z.object({
      kind: z.string(),
      placeholders: z.array(z.object({ name: z.string(), meaning: z.string() })),
      wordings: z.array(wordingAnswer),
    }),
  ),
});
export type WordingsAnswer = z.output<typeof wordingsAnswer>;

const wordingParams = tenantParams.extend({ kind: z.string().max(60), language: wordingLanguage });

export const listWordings = endpoint({
  method: "GET",
  path: "/t/:tenant/wordings",
  summary: "What every kind of email says, in every language",
  params: tenantParams,
  output: wordingsAnswer,
  errors: [],
});

export const changeWording = endpoint({
  method: "PUT",
  path: "/t/:tenant/wordings/:kind/:language",
  summary: "Have a kind of email say this, in this language; the parts that differ from the usual are kept",
  params: wordingParams,
  body: wordingSchema.extend({ version: z.int() }),
  output: wordingAnswer,
  errors: ["not_found", "changed_meanwhile", "wording.unknown_placeholder"],
});

export const resetWording = endpoint({
  method: "DELETE",
  path: "/t/:tenant/wordings/:kind/:language",
  summary: "Have a kind of email say what is usual again, in this language",
  params: wordingParams,
  output: wordingAnswer,
  errors: ["not_found", "changed_meanwhile"],
});

export const previewWording = endpoint({
  method: "POST",
  path: "/t/:tenant/wordings/:kind/:language/preview",
  summary: "What an email with these words would look like, to somebody who does not exist",
  params: wordingParams,
  body: wordingSchema,
  output: z.object({ subject: z.string(), html: z.string(), text: z.string() }),
  errors: ["not_found", "wording.unknown_placeholder"],
});
