export const kindNames: Record<string, string> = {
  "user.created": "Credentials",
  "user.invited": "Invitation",
  "user.set_password": "Link to set a password",
  "password.reset": "Link to set a new password",
  "password.changed": "Notice that the password was changed",
};

export const kindName = (kind: string) => kindNames[kind] ?? kind.replaceAll(/[._]/g, " ");
