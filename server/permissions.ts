import { ProblemError } from "#server/platform/errors.ts";

/** Every role, the highest first. */
export const roles = ["owner", "administrator", "user_administrator", "auditor", "member"] as const;
export type Role = (typeof roles)[number];

/** What a person may do: each permission and the roles that hold it. Own profile, password and sessions need none. */
export const permissions = {
  "users.read": ["owner", "administrator", "user_administrator", "auditor"],
  "users.export": ["owner", "administrator", "user_administrator", "auditor"],
  "users.create": ["owner", "administrator", "user_administrator"],
  "users.update": ["owner", "administrator", "user_administrator"],
  "users.delete": ["owner", "administrator", "user_administrator"],
  "users.erase": ["owner", "administrator"],
  "users.reset_factors": ["owner", "administrator", "user_administrator"],
  "users.change_role": ["owner", "administrator"],
  "ownership.transfer": ["owner"],
  "groups.read": ["owner", "administrator", "user_administrator", "auditor"],
  "groups.create": ["owner", "administrator", "user_administrator"],
  "groups.update": ["owner", "administrator", "user_administrator"],
  "groups.delete": ["owner", "administrator", "user_administrator"],
  "invitations.manage": ["owner", "administrator", "user_administrator"],
  "imports.read": ["owner", "administrator", "user_administrator", "auditor"],
  "imports.run": ["owner", "administrator", "user_administrator"],
  "imports.safety": ["owner", "administrator"],
  "messages.read": ["owner", "administrator", "user_administrator", "auditor"],
  "messages.send": ["owner", "administrator", "user_administrator"],
  "audit.read": ["owner", "administrator", "auditor"],
  "mailbox.read": ["owner"],
  "settings.read": ["owner", "administrator", "auditor"],
  "settings.change": ["owner", "administrator"],
  // Whoever names the mail server reads what goes by it, owners' links to set a password too.
  "mail_server.change": ["owner"],
  "settings.retention": ["owner"],
} as const satisfies Record<string, readonly Role[]>;
export type Permission = keyof typeof permissions;

/** Whose status, profile and role each role may change, and which roles it may grant. */
const manages: Record<Role, readonly Role[]> = {
  owner: roles,
  administrator: ["administrator", "user_administrator", "auditor", "member"],
  user_administrator: ["member"],
  auditor: [],
  member: [],
};

export const roleNames: Record<Role, string> = {
  owner: "Owner",
  administrator: "Administrator",
  user_administrator: "User administrator",
  auditor: "Auditor",
  member: "Member",
};

export const holds = (role: Role, permission: Permission) =>
  (permissions[permission] as readonly Role[]).includes(role);

export function requirePermission(role: Role, permission: Permission): void {
  if (holds(role, permission)) return;
  const whom = holds("administrator", permission) ? "an administrator" : "an owner";
  const words = `Your role does not allow this. Ask ${whom} of your organisation.`;
  throw new ProblemError(403, "permission.missing", words);
}

export const permissionsOf = (role: Role) =>
  (Object.keys(permissions) as Permission[]).filter((permission) => holds(role, permission));

/** May `actor` change people of role `target`, and give that role to others? Nobody grants more than they hold. */
export const mayManage = (actor: Role, target: Role) => manages[actor].includes(target);

export const manageableRoles = (actor: Role) => manages[actor];
