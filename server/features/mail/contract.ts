import { z } from "zod";
import { endpoint } from "#server/platform/http/endpoint.ts";
import { tenantParams } from "../tenants/contract.ts";
import { emailAddress } from "../tenants/tenant-settings.ts";
import { wordingLanguage, wordingSchema } from "./shapes.ts";

/**
 * held (until it is released) or scheduled (until its time) → queued → sending → accepted by the mail server, deferred
 * (tried again), refused by it for good, expired (given up after trying for long enough) or withdrawn. One that was accepted
 * may still come back: bounced. kept: there was no mail server, it was put into the built-in mailbox, and nobody got it.
 */
export const messageState = z.enum([
  "held",
  "scheduled",
  "queued",
  "sending",
  "deferred",
  "accepted",
  "kept",
  "refused",
  "bounced",
  "expired",
  "withdrawn",
]);
export type MessageState = z.output<typeof messageState>;

/** What is said of a message that is accepted where no mail server is configured: nobody but the mailbox's readers sees it. */
export const keptInMailbox = "Kept in the built-in mailbox: no mail server is configured.";

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
const noControl = /^\P{Cc}*$/u;
const serverName =
  /^(?=[a-z0-9.-]{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;
const ipv6 = /^[0-9a-f:.]*:[0-9a-f:.]*$/;

/** With what is added for each email it stays within what a mail server must take, and needs no SMTPUTF8. */
const returnAddress = /^[a-z0-9][a-z0-9._-]{0,19}@(?=.{1,190}$)[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i;

export const mailSecurity = z.enum(["tls", "starttls", "none"]);

/** A tenant's own mail server, as it is set and tried. */
export const mailServerInput = z.object({
  fromAddress: emailAddress.describe("Whom emails come from. The name beside it is the setting senderName."),
  bounceAddress: z
    .string()
    .trim()
    .refine(
      (address) => address === "" || returnAddress.test(address),
      "Enter an email address like bounces@example.org, with 20 letters, digits, dots or dashes at most before the @.",
    )
    .default("")
    .describe(
      "Where reports go of emails that came back: each email has a form of it as its envelope sender. Empty: to the sender's address, and Muster learns nothing of them.",
    ),
  host: z
    .string()
    .trim()
    .toLowerCase()
    .min(1, "Enter the server's name, like smtp.example.org.")
    .refine(
      (host) => serverName.test(host) || ipv6.test(host),
      "Enter the server's name alone, like smtp.example.org.",
    ),
  port: z
    .int("Enter a port, like 587.")
    .min(1, "Enter a port from 1 to 65535.")
    .max(65_535, "Enter a port from 1 to 65535."),
  security: mailSecurity.describe(
    "tls: from the first byte; starttls: insisted on; none: local servers only.",
  ),
  user: z
    .string()
    .trim()
    .max(254, "At most 254 characters.")
    .regex(noControl, "No line breaks or control characters.")
    .describe("Empty: no login."),
  password: z
    .string()
    .min(1, "Type the password.")
    .max(1000, "At most 1000 characters.")
    .regex(noControl, "No line breaks or control characters.")
    .optional()
    .describe("Left out: the one that is kept, as long as it goes to the same server and user."),
});
export type MailServerInput = z.output<typeof mailServerInput>;

const mailServerAnswer = z.object({
  server: mailServerInput
    .omit({ password: true })
    .extend({ passwordSet: z.boolean() })
    .nullable()
    .describe("The tenant's own; null: emails go by the installation's."),
  revision: z
    .uuid()
    .nullable()
    .describe("Send it back with a change: a change made meanwhile is then not overwritten."),
  allowed: z.enum(["none", "public", "any"]).describe("Which servers the installation lets tenants choose."),
  installation: z.object({
    fromAddress: z.string(),
    sends: z.boolean().describe("false: it has no mail server, emails are kept in the built-in mailbox."),
  }),
});
export type MailServerAnswer = z.output<typeof mailServerAnswer>;

export const getMailServer = endpoint({
  method: "GET",
  path: "/t/:tenant/mail-server",
  summary: "The mail server a tenant's emails go by; never its password",
  params: tenantParams,
  output: mailServerAnswer,
  errors: [],
});

const serverErrors = [
  "changed_meanwhile",
  "mail_server.not_allowed",
  "mail_server.password_missing",
] as const;

export const changeMailServer = endpoint({
  method: "PUT",
  path: "/t/:tenant/mail-server",
  summary: "Send by a mail server of the tenant's own, or by the installation's again",
  params: tenantParams,
  body: z.object({
    server: mailServerInput.nullable().describe("null: the installation's."),
    revision: z.uuid().nullable(),
  }),
  output: mailServerAnswer,
  errors: [...serverErrors],
});

export const sendTestEmail = endpoint({
  method: "POST",
  path: "/t/:tenant/mail-server/test",
  summary: "Send one email to whoever asks, and tell how each step of it went",
  params: tenantParams,
  body: z.object({
    server: mailServerInput
      .nullable()
      .optional()
      .describe(
        "null: the installation's; left out: the one emails go by now. To name one needs `mail_server.change`.",
      ),
  }),
  output: z.object({
    to: z.string(),
    accepted: z.boolean(),
    steps: z.array(
      z.object({
        step: z.enum(["connect", "greet", "secure", "login", "send"]),
        ok: z.boolean(),
        words: z.string(),
        advice: z.string().optional(),
      }),
    ),
  }),
  errors: [
    "throttled",
    "mail.address_limit",
    "user.mail_failed",
    "mail_server.not_allowed",
    "mail_server.password_missing",
    "mail_server.none",
  ],
});
export type TestEmailAnswer = z.output<typeof sendTestEmail.output>;
