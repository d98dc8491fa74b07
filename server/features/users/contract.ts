import { z } from "zod";
import { roles } from "#server/permissions.ts";
import { endpoint } from "#server/platform/http/endpoint.ts";
import { refinePassword } from "../credentials/contract.ts";
import { passwordMaximum } from "../credentials/password-rules.ts";
import { groupLabel } from "../groups/contract.ts";
import { mailSummary } from "../mail/contract.ts";
import { tenantParams } from "../tenants/contract.ts";
import { languages } from "../tenants/tenant-settings.ts";
import { checkEmailAddress, typedAddressMaximum } from "./email-address.ts";
import { checkPersonName, typedNameMaximum } from "./person-name.ts";

/** At most 254 octets, local part 64 (RFC 5321 §4.5.3.1); internationalised addresses are welcome (RFC 6531). */
export const emailAddress = z
  .string()
  .max(typedAddressMaximum, "This is too long to be an email address.")
  .transform((value, context) => {
    const checked = checkEmailAddress(value);
    if (checked.ok) return checked.address;
    context.addIssue({ code: "custom", message: checked.message });
    return z.NEVER;
  });

const personName = (field: "First name" | "Last name") =>
  z
    .string()
    .max(typedNameMaximum, `${field} is too long. Shorten it.`)
    .transform((value, context) => {
      const checked = checkPersonName(value, field);
      if (checked.ok) return checked.name;
      context.addIssue({ code: "custom", message: checked.message });
      return z.NEVER;
    });
/** 1 to 100 characters. */
export const firstName = personName("First name");
export const lastName = personName("Last name");

export const userStatus = z.enum(["invited", "active", "suspended"]);
export const roleSchema = z.enum(roles);

export const mailLanguage = z.enum(languages).nullable().describe("Of emails; null: the tenant's.");

/** How a person's invitation stands; null where they were created with a password. */
export const invitationState = z.enum(["pending", "expired", "accepted", "revoked"]);

export const userSchema = z.object({
  id: z.uuid(),
  email: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  role: roleSchema,
  status: userStatus,
  language: mailLanguage,
  groups: z.array(groupLabel),
  invitation: invitationState.nullable(),
  mail: mailSummary.nullable(),
  mailFailure: z
    .object({ at: z.iso.datetime(), reply: z.string() })
    .nullable()
    .describe(
      "Email to this address came back for good: nothing is sent there until it is corrected or cleared.",
    ),
  createdAt: z.iso.datetime(),
  lastSignInAt: z.iso.datetime().nullable(),
  hasSecondFactor: z.boolean().describe("An authenticator app or a passkey; recovery codes alone are none."),
  version: z.int().describe("Send it back with a change: a change made meanwhile is then not overwritten."),
});
export type User = z.output<typeof userSchema>;

const groupIds = z.array(z.uuid()).max(500, "At most 500 groups.");

const person = z.object({
  firstName,
  lastName,
  email: emailAddress,
  groupIds: groupIds.default([]),
  role: roleSchema.default("member"),
  language: mailLanguage.default(null),
});

/** What New User submits: with a password the user is created, without one they are invited. */
export const newUser = z.discriminatedUnion("mode", [
  person
    .extend({
      mode: z.literal("create"),
      password: z
        .string()
        .min(1, "Enter a password, or generate one.")
        .max(passwordMaximum * 4),
    })
    .superRefine((input, context) => refinePassword(context, "password", input.password, input)),
  person.extend({ mode: z.literal("invite") }),
]);

export const userParams = tenantParams.extend({ userId: z.uuid() });

/** In an address `true`, in a body true. */
const flag = z.union([z.literal("true"), z.literal(true)]).transform(() => true as const);
const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** Which users: every part that is given narrows further. */
export const userFilter = z.object({
  search: z
    .string()
    .max(200)
    .optional()
    .describe(
      "The beginning of a name, either way round, or of an email address; or, from three letters on, words that each are anywhere in them. Accents and case do not matter. Somebody new or renamed is found by such parts a moment later, many together when all of them are there.",
    ),
  status: userStatus.optional(),
  role: roleSchema.optional(),
  groupId: z.uuid().optional(),
  neverSignedIn: flag.optional(),
  secondFactor: z.enum(["set_up", "none"]).optional().describe("Whether they have one."),
  invitationExpired: flag.optional().describe("Invited, and the link has run out."),
  mailFailed: flag.optional().describe("The last email to them failed."),
  importId: z.uuid().optional().describe("Made by this import."),
  createdFrom: moment.optional(),
  createdBefore: moment.optional(),
});

/** Which users an operation is about: these, or everybody who matches but those taken out. */
export const userSelection = z.union([
  z.object({ ids: z.array(z.uuid()).min(1).max(10_000, "At most 10,000 users one by one.") }),
  z.object({
    filter: userFilter,
    excluded: z.array(z.uuid()).max(10_000, "At most 10,000 users can be taken out one by one.").default([]),
  }),
]);

const sortKeys = ["name", "email", "created", "lastSignIn"] as const;
export type UserSort = (typeof sortKeys)[number] | `-${(typeof sortKeys)[number]}`;
export const userSorts = sortKeys.flatMap((key): UserSort[] => [key, `-${key}`]);

export const listUsers = endpoint({
  method: "GET",
  path: "/t/:tenant/users",
  summary: "The users that match, in the order asked for, page by page",
  params: tenantParams,
  query: userFilter.extend({
    sort: z
      .enum(userSorts)
      .default("name")
      .describe(
        "With `-` the other way round. `name` is last name, then first name; `lastSignIn` begins with those who never signed in, `-lastSignIn` ends with them.",
      ),
    cursor: z
      .string()
      .max(1200)
      .optional()
      .describe("From `nextCursor` or `previousCursor` of another page of the same order."),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  output: z.object({
    items: z.array(userSchema),
    nextCursor: z.string().nullable(),
    previousCursor: z.string().nullable(),
  }),
  errors: ["cursor.invalid"],
});

export const countUsers = endpoint({
  method: "GET",
  path: "/t/:tenant/users/counts",
  summary: "Exactly how many users match, by status",
  params: tenantParams,
  query: userFilter.omit({ status: true }),
  output: z.object({ all: z.int(), invited: z.int(), active: z.int(), suspended: z.int() }),
  errors: [],
});

export const exportUsers = endpoint({
  method: "GET",
  path: "/t/:tenant/users.csv",
  summary: "Users as an import file: importing it as it is changes nothing",
  params: tenantParams,
  query: userFilter,
  output: z.string(),
  produces: "text/csv",
  errors: [],
});

export const exportUsersWorkbook = endpoint({
  method: "GET",
  path: "/t/:tenant/users.xlsx",
  summary: "The same as a workbook",
  params: tenantParams,
  query: exportUsers.query,
  output: z.string(),
  produces: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  errors: [],
});

export const exportSelectedUsers = endpoint({
  method: "POST",
  path: exportUsers.path,
  summary: "The same of selected users",
  params: tenantParams,
  body: z.object({ selection: userSelection }),
  output: z.string(),
  produces: "text/csv",
  errors: [],
});

export const exportSelectedUsersWorkbook = endpoint({
  method: "POST",
  path: exportUsersWorkbook.path,
  summary: "The same of selected users as a workbook",
  params: tenantParams,
  body: exportSelectedUsers.body,
  output: z.string(),
  produces: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  errors: [],
});

export const getUser = endpoint({
  method: "GET",
  path: "/t/:tenant/users/:userId",
  summary: "One user",
  params: userParams,
  output: userSchema,
  errors: ["not_found"],
});

export const addUser = endpoint({
  method: "POST",
  path: "/t/:tenant/users",
  summary: "Create or invite one user, who gets one email",
  params: tenantParams,
  body: newUser,
  output: userSchema,
  status: 201,
  errors: [
    "user.email_taken",
    "group.unknown",
    "user.role_not_yours_to_give",
    "password.refused",
    "tenant.full",
  ],
});

export const updateUser = endpoint({
  method: "PATCH",
  path: "/t/:tenant/users/:userId",
  summary: "Change a user's name, email, language and groups; memberships not named stay",
  params: userParams,
  body: z.object({
    version: z.int(),
    firstName: firstName.optional(),
    lastName: lastName.optional(),
    email: emailAddress.optional(),
    role: roleSchema.optional(),
    language: mailLanguage.optional(),
    addGroupIds: groupIds.default([]),
    removeGroupIds: groupIds.default([]),
  }),
  output: userSchema,
  errors: [
    "not_found",
    "changed_meanwhile",
    "user.email_taken",
    "group.unknown",
    "user.not_yours_to_change",
    "user.role_not_yours_to_give",
    "user.last_owner",
  ],
});

export const suspendUser = endpoint({
  method: "POST",
  path: "/t/:tenant/users/:userId/suspend",
  summary: "Suspend a user: signed out everywhere, no sign-in, no email",
  params: userParams,
  output: userSchema,
  errors: ["not_found", "user.not_yours_to_change", "user.last_owner", "user.yourself"],
});

export const reactivateUser = endpoint({
  method: "POST",
  path: "/t/:tenant/users/:userId/reactivate",
  summary: "Let a suspended user in again; whoever never got their first email gets it now",
  params: userParams,
  output: userSchema,
  errors: ["not_found", "user.not_yours_to_change"],
});

export const deleteUser = endpoint({
  method: "DELETE",
  path: "/t/:tenant/users/:userId",
  summary:
    "Delete a user: gone from every list, signed out, the address free at once; can be restored for the tenant's days",
  params: userParams,
  errors: ["not_found", "user.not_yours_to_change", "user.last_owner", "user.yourself"],
});

const deletedUser = userSchema
  .pick({ id: true, email: true, firstName: true, lastName: true, role: true, status: true, groups: true })
  .extend({
    status: userStatus.describe("What they are again when they are restored."),
    groups: z.array(groupLabel).describe("Those they are in again when they are restored."),
    deletedAt: z.iso.datetime(),
    eraseAt: z.iso.datetime().describe("Until then they can be restored."),
  });
export type DeletedUser = z.output<typeof deletedUser>;

/** Whoever is erased within so many days is erased soon. */
export const erasedSoonDays = 7;

export const deletedSorts = ["-deleted", "deleted", "erase", "-erase"] as const;
export type DeletedSort = (typeof deletedSorts)[number];

export const listDeletedUsers = endpoint({
  method: "GET",
  path: "/t/:tenant/users/deleted",
  summary: "Deleted users who can be restored, in the order asked for",
  params: tenantParams,
  query: z.object({
    search: z
      .string()
      .max(200)
      .optional()
      .describe("Words that each are somewhere in a name or the address."),
    soon: flag.optional().describe(`Those who are erased within ${erasedSoonDays} days.`),
    sort: z
      .enum(deletedSorts)
      .default("-deleted")
      .describe("By when they were deleted or are erased, with `-` the latest first."),
    cursor: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  output: z.object({ items: z.array(deletedUser), nextCursor: z.string().nullable() }),
  errors: ["cursor.invalid"],
});

export const countDeletedUsers = endpoint({
  method: "GET",
  path: "/t/:tenant/users/deleted/counts",
  summary: "How many deleted users there are, and how many of them are erased soon",
  params: tenantParams,
  query: listDeletedUsers.query.pick({ search: true }),
  output: z.object({
    all: z.int(),
    soon: z.int(),
    atMost: z.int().describe("Counted so far; a larger number means that there are more."),
  }),
  errors: [],
});

export const restoreUser = endpoint({
  method: "POST",
  path: "/t/:tenant/users/:userId/restore",
  summary:
    "Bring a deleted user back, into the groups there still are; refused while their address is somebody else's",
  params: userParams,
  output: userSchema,
  errors: ["not_found", "user.not_yours_to_change", "user.address_taken", "tenant.full"],
});

export const eraseUser = endpoint({
  method: "POST",
  path: "/t/:tenant/users/:userId/erase",
  summary:
    "Erase everything personal of a deleted user, now and for good; the audit log keeps that it happened",
  params: userParams,
  body: z.object({ email: z.string().trim().max(400).describe("Their address, typed again.") }),
  errors: ["not_found", "user.not_yours_to_change", "user.not_confirmed", "user.in_use"],
});

export const transferOwnership = endpoint({
  method: "POST",
  path: "/t/:tenant/users/:userId/transfer-ownership",
  summary: "Make somebody else an owner and step down to another role, in one step",
  params: userParams,
  body: z.object({ role: roleSchema.exclude(["owner"]).describe("The role of whoever steps down.") }),
  output: userSchema,
  errors: ["not_found", "user.yourself", "user.not_active", "user.no_own_password", "user.not_an_owner"],
});

export const exportPerson = endpoint({
  method: "GET",
  path: "/t/:tenant/users/:userId/everything.json",
  summary:
    "Everything that is held about one person whom you may change, deleted ones too; that it was exported is an audit event",
  params: userParams,
  output: z.string(),
  produces: "application/json",
  errors: ["not_found", "user.not_yours_to_export"],
});

export const exportOwn = endpoint({
  method: "GET",
  path: "/t/:tenant/me/everything.json",
  summary: "Everything that is held about whoever is signed in",
  params: tenantParams,
  output: z.string(),
  produces: "application/json",
  errors: [],
});
