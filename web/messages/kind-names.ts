export const kindNames: Record<string, string> = {
  "user.created": "Credentials",
  "user.invited": "Invitation",
  "invitation.reminder": "Reminder",
  "user.set_password": "Link to set a password",
  "password.reset": "Link to set a new password",
  "password.changed": "Notice that the password was changed",
};

export const kindName = (kind: string) => kindNames[kind] ?? kind.replaceAll(/[._]/g, " ");

/** When it is sent. */
const kindUses: Record<string, string> = {
  "user.created": "Goes to people you create with a temporary password.",
  "user.invited": "Goes to people you invite.",
  "invitation.reminder": "Goes to people who have not accepted their invitation, on the days set below.",
  "user.set_password": "Goes to people you send a link to set a password.",
  "password.reset": "Goes to whoever says on the sign-in page that they forgot their password.",
  "password.changed": "Goes to whoever has changed their password.",
};

export const kindUse = (kind: string) => kindUses[kind];
