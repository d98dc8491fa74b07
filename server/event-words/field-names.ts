const names: Record<string, string> = {
  firstName: "first name",
  lastName: "last name",
  email: "email address",
  language: "language of emails",
  active: "active",
  protected: "protection",
  accent: "accent colour",
  replyTo: "where answers go",
  mailsPerAddress: "emails to one address a day",
  sendPasswords: "mailing of temporary passwords",
  invitationDays: "days that links work",
  reminderDays: "days of reminders",
  passkeySignIn: "sign-in with a passkey alone",
  renewInvitations: "renewal of expired invitations",
  temporaryPasswordDays: "days that temporary passwords work",
  passwordMinimum: "shortest password",
  sessionHours: "hours until signed out when idle",
  sessionDays: "days until signed out in any case",
  auditMonths: "months of the audit log",
  deletedDays: "days that deleted users can be restored",
  importRowDays: "days of import rows that made nobody",
  changedPercent: "limit of changed people",
  emails: "limit of emails",
  newGroups: "limit of new groups",
  fromAddress: "sender's address",
  host: "server",
  security: "encryption",
};

/** A field as people call it: `firstName` → first name. */
export const fieldName = (field: string): string =>
  names[field] ?? field.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
