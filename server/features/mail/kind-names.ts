export const kindNames: Record<string, string> = {
  "user.created": "Credentials",
  "user.invited": "Invitation",
  "invitation.reminder": "Reminder",
  "user.set_password": "Link to set a password",
  "password.reset": "Link to set a new password",
  "password.changed": "Notice that the password was changed",
  "second_factor.added": "Notice that a second factor was added",
  "second_factor.removed": "Notice that a second factor was removed",
  "second_factor.recovery_code_used": "Notice that a recovery code was used",
  "second_factor.codes_made": "Notice that new recovery codes were made",
  "second_factor.wrong_codes": "Notice of wrong codes",
  "second_factor.locked_out": "Notice of too many wrong codes",
  "sign_in.new_browser": "Notice of a sign-in from a new browser",
  "import.finished": "Notice that an import is finished",
  "mail_server.changed": "Notice that the mail server was changed",
};

export const kindName = (kind: string) => kindNames[kind] ?? kind.replaceAll(/[._]/g, " ");

/** When it is sent. */
const kindUses: Record<string, string> = {
  "user.created": "Goes to people you create with a temporary password.",
  "user.invited": "Goes to people you invite.",
  "invitation.reminder": "Goes to people who have not accepted an invitation, on the days in Settings.",
  "user.set_password": "Goes to people you send a link to set a password.",
  "password.reset": "Goes to whoever says on the sign-in page that they forgot their password.",
  "password.changed": "Goes to whoever has changed their password.",
  "sign_in.new_browser":
    "Goes to whoever signs in with a browser they have not used before, where the settings say so.",
  "import.finished": "Goes to whoever started an import, when it is finished.",
};

export const kindUse = (kind: string) => kindUses[kind];
