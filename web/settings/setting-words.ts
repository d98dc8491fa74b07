import {
  type Language,
  languageNames,
  type TenantSettings,
} from "#server/features/tenants/tenant-settings.ts";

/** What each setting is called, at its field and in sentences about it. */
export const settingWords: Record<keyof TenantSettings, string> = {
  name: "Name",
  accent: "Accent colour",
  timeZone: "Time zone",
  language: "Language of emails",
  senderName: "Sender's name",
  replyTo: "Answers go to",
  mailsPerAddress: "Emails to one address a day, at most",
  passwordNotice: "Notice after a change of password",
  signInNotice: "Notice after a sign-in from a new browser",
  importNotice: "Notice after an import",
  sendPasswords: "Mail temporary passwords",
  invitationDays: "Links work for, in days",
  reminderDays: "Reminders of invitations, after days",
  renewInvitations: "Let people renew an expired invitation",
  temporaryPasswordDays: "Temporary passwords work for, in days",
  passwordMinimum: "Shortest password, in characters",
  secondFactor: "Second factor",
  passkeySignIn: "Let people sign in with a passkey alone",
  sessionHours: "Signed out when idle, after hours",
  sessionDays: "Signed out in any case, after days",
  auditMonths: "Keep the audit log for, in months",
  deletedDays: "Deleted users can be restored for, in days",
  importRowDays: "Keep import rows that made nobody, in days",
};

type Policy = TenantSettings["secondFactor"];
export const secondFactorNames: Readonly<Record<Policy, string>> = {
  optional: "optional",
  administrators: "required for owners and administrators",
  everyone: "required for everyone",
};

type ImportNotice = TenantSettings["importNotice"];
export const importNoticeNames: Readonly<Record<ImportNotice, string>> = {
  never: "never",
  long: "when it took over a minute",
  always: "always",
};

/** A value as a person reads it. */
export function settingInWords<K extends keyof TenantSettings>(field: K, value: TenantSettings[K]): string {
  if (field === "accent") return value === null ? "Muster's petrol" : String(value);
  if (field === "auditMonths") return value === null ? "for ever" : String(value);
  if (field === "secondFactor") return secondFactorNames[value as Policy];
  if (field === "importNotice") return importNoticeNames[value as ImportNotice];
  if (
    field === "sendPasswords" ||
    field === "renewInvitations" ||
    field === "passkeySignIn" ||
    field === "passwordNotice" ||
    field === "signInNotice"
  )
    return value ? "on" : "off";
  if (Array.isArray(value)) return value.length > 0 ? value.join(", ") : "none";
  if (field === "language") return languageNames[value as Language];
  if (field === "senderName") return value === "" ? "the organisation's name" : String(value);
  if (field === "replyTo") return value === "" ? "the sender's address" : String(value);
  return String(value);
}
