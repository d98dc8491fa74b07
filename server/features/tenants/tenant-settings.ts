import { z } from "zod";

const oneLine = (most: number) =>
  z
    .string()
    .trim()
    .max(most, `At most ${most} characters.`)
    .regex(/^\P{Cc}*$/u, "No line breaks or control characters.");

const days = "Enter whole numbers of days from 1 to 29, ten at most, like 2, 5, 10.";

const whole = (least: number, most: number) => {
  const words = `Enter a whole number from ${least} to ${most}.`;
  return z.int(words).min(least, words).max(most, words);
};

export const tenantName = oneLine(100).min(1, "Enter the organisation's name.");

/** One mailbox and nothing that a mail program could take for several, or for a name. */
const mailbox = /^[^\s@"<>(),:;\\[\]]{1,64}@[^\s@"<>(),:;\\[\]]+\.[^\s@"<>(),:;\\[\]]+$/u;

export const emailAddress = oneLine(254).regex(mailbox, "Enter one email address, like help@example.org.");

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}

export const languages = ["en", "de", "es"] as const;
export type Language = (typeof languages)[number];
/** What each is called by those who speak it. */
export const languageNames: Readonly<Record<Language, string>> = {
  en: "English",
  de: "Deutsch",
  es: "Español",
};

export const secondFactorPolicies = ["optional", "administrators", "everyone"] as const;

export const importNotices = ["never", "long", "always"] as const;

/** What a tenant's owner and administrators choose. */
export const tenantSettings = z.object({
  name: tenantName,
  accent: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^#[0-9a-f]{6}$/, "Enter a colour as # and six digits or letters a to f, like #0e5b75.")
    .nullable()
    .describe("null: Muster's own."),
  timeZone: z
    .string()
    .refine(isTimeZone, "Choose a time zone such as Europe/Berlin.")
    .describe("A name of the IANA time zone database."),
  language: z.enum(languages).describe("Of emails."),
  senderName: oneLine(100).describe("The name emails come from; empty: the tenant's name."),
  replyTo: emailAddress
    .or(z.literal(""))
    .describe("Where answers to emails go; empty: to the sender's address."),
  mailsPerAddress: whole(1, 1000).describe("Emails that one person may be sent a day (UTC); more wait."),
  passwordNotice: z.boolean().describe("Whether whoever changed their password is told so by email."),
  signInNotice: z
    .boolean()
    .describe("Whether whoever signs in with a browser they have not used before is told so by email."),
  importNotice: z
    .enum(importNotices)
    .describe(
      "Whether whoever started an import is told when it is finished; long: where it took over a minute.",
    ),
  sendPasswords: z
    .boolean()
    .describe("false: no password is ever mailed; a link to set one is mailed instead."),
  invitationDays: whole(1, 30).describe("Invitations and links to set a password, from when they are sent."),
  reminderDays: z
    .array(z.int(days).min(1, days).max(29, days), days)
    .max(10, days)
    .overwrite((list) => [...new Set(list)].sort((one, other) => one - other))
    .describe("When pending invitations are brought to mind, in days after they were sent; empty: never."),
  renewInvitations: z
    .boolean()
    .describe("true: whoever has an invitation that expired can have a new one sent to the same address."),
  temporaryPasswordDays: whole(1, 30).describe("Temporary passwords, from when they are sent."),
  passwordMinimum: whole(10, 64).describe("Characters."),
  secondFactor: z
    .enum(secondFactorPolicies)
    .describe(
      "Who must have a second factor; administrators: owners and user administrators too. Whoever has none sets one up after signing in.",
    ),
  passkeySignIn: z
    .boolean()
    .describe("Whether a passkey signs in by itself; false: it is asked for after the password only."),
  sessionHours: whole(1, 168).describe("A session ends when it has not been used for this long."),
  sessionDays: whole(1, 90).describe("A session ends this long after it began, however it is used."),
  auditMonths: whole(1, 120).nullable().describe("For how long audit events are kept; null: for ever."),
  deletedDays: whole(1, 365).describe("For how long deleted users can be restored."),
  importRowDays: whole(1, 365).describe(
    "For how long after an import is over it tells what rows said that nobody was made of.",
  ),
});
export type TenantSettings = z.output<typeof tenantSettings>;

/** What counts where a tenant has chosen nothing. */
export const usualSettings: Readonly<Omit<TenantSettings, "name">> = {
  accent: null,
  timeZone: "UTC",
  language: "en",
  senderName: "",
  replyTo: "",
  mailsPerAddress: 20,
  passwordNotice: true,
  signInNotice: false,
  importNotice: "long",
  sendPasswords: true,
  invitationDays: 7,
  reminderDays: [2, 5, 10],
  renewInvitations: true,
  temporaryPasswordDays: 7,
  passwordMinimum: 10,
  secondFactor: "optional",
  passkeySignIn: true,
  sessionHours: 24,
  sessionDays: 30,
  auditMonths: null,
  deletedDays: 30,
  importRowDays: 90,
};

type Chosen = keyof typeof usualSettings;

/** Settings as they are kept. What cannot be read (an older or newer Muster wrote it) counts as not chosen. */
export function readableSettings(kept: Record<string, unknown>): Omit<TenantSettings, "name"> {
  const read = Object.entries(usualSettings).map(([field, usual]) => {
    const parsed = tenantSettings.shape[field as Chosen].safeParse(kept[field]);
    return [field, parsed.success ? parsed.data : usual];
  });
  return Object.fromEntries(read) as Omit<TenantSettings, "name">;
}
