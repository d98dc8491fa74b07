import { z } from "zod";
import { endpoint } from "#server/platform/http/endpoint.ts";
import { refinePassword, typedPassword } from "../credentials/contract.ts";
import { mailKept } from "../mail/shapes.ts";
import { confirmFirst } from "../second-factors/contract.ts";
import { discoveredPasskey, givenFactor, requestOptions, wayNames } from "../second-factors/shapes.ts";
import { portalSchema, tenantParams, tenantSlug } from "../tenants/contract.ts";
import { tenantName, tenantSettings } from "../tenants/tenant-settings.ts";
import {
  emailAddress,
  firstName,
  lastName,
  mailLanguage,
  roleSchema,
  userParams,
} from "../users/contract.ts";

export const meSchema = z.object({
  id: z.uuid(),
  email: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  role: roleSchema,
  language: mailLanguage,
  permissions: z.array(z.string()),
  manageableRoles: z.array(roleSchema).describe("Whose status and profile this person may change."),
  mustChangePassword: z
    .boolean()
    .describe("Until the temporary password is changed nothing else is allowed."),
  mustSetUpSecondFactor: z.boolean().describe("The tenant requires one: until then nothing else is allowed."),
  tenant: portalSchema.extend(
    tenantSettings.pick({
      language: true,
      sendPasswords: true,
      invitationDays: true,
      temporaryPasswordDays: true,
      deletedDays: true,
      timeZone: true,
    }).shape,
  ),
  importLimits: z
    .object({ rows: z.int(), mib: z.int().describe("Of all files of an import together.") })
    .describe("The largest import this installation takes."),
  mailKept,
  mailbox: z
    .boolean()
    .describe("No SMTP server is configured, and this person may read the built-in mailbox."),
});
export type Me = z.output<typeof meSchema>;

const begunSchema = z.object({
  ways: z.array(z.enum(wayNames)),
  setsPassword: z
    .boolean()
    .describe(
      "A password was chosen by a personal link: it takes effect when this is finished, and not before.",
    ),
});
const signedIn = z.union([
  meSchema,
  z
    .object({ secondFactor: begunSchema })
    .describe(
      "Nobody is signed in yet: finish by one of these ways, within ten minutes and in this browser.",
    ),
]);
export type SignedIn = z.output<typeof signedIn>;

export const signIn = endpoint({
  method: "POST",
  path: "/t/:tenant/session",
  summary: "Sign in with email and password; sets the tenant's cookie",
  params: tenantParams,
  body: z.object({
    email: z.string().trim().min(1, "Enter your email address.").max(400),
    password: typedPassword,
  }),
  output: signedIn,
  errors: ["sign_in.refused", "throttled"],
});

export const getBegunSignIn = endpoint({
  method: "GET",
  path: "/t/:tenant/session/second-factor",
  summary: "How the sign-in that this browser has begun can be finished",
  params: tenantParams,
  output: begunSchema,
  errors: ["sign_in.begin_again"],
});

export const askPasskey = endpoint({
  method: "POST",
  path: "/t/:tenant/session/second-factor/passkey",
  summary: "Get what a browser needs to have a passkey finish the sign-in it has begun; good for one try",
  params: tenantParams,
  output: requestOptions,
  errors: ["sign_in.begin_again"],
});

export const finishSignIn = endpoint({
  method: "POST",
  path: "/t/:tenant/session/second-factor",
  summary: "Finish signing in by a second factor",
  params: tenantParams,
  body: givenFactor,
  output: meSchema,
  errors: ["sign_in.begin_again", "second_factor.refused", "second_factor.codes_refused", "throttled"],
});

export const beginPasskeySignIn = endpoint({
  method: "POST",
  path: "/t/:tenant/session/passkey/begin",
  summary:
    "Get what a browser needs to have a passkey sign in by itself, without email and password; good for one try in this browser",
  params: tenantParams,
  output: requestOptions,
  errors: ["sign_in.passkey_off"],
});

export const signInByPasskey = endpoint({
  method: "POST",
  path: "/t/:tenant/session/passkey",
  summary: "Sign in with a passkey that has made sure of who holds it",
  params: tenantParams,
  body: z.object({ passkey: discoveredPasskey }),
  output: meSchema,
  errors: ["sign_in.passkey_off", "sign_in.passkey_refused", "throttled"],
});

export const signOut = endpoint({
  method: "DELETE",
  path: "/t/:tenant/session",
  summary: "Sign out on this device",
  params: tenantParams,
  errors: [],
});

export const getMe = endpoint({
  method: "GET",
  path: "/t/:tenant/me",
  summary: "Who is signed in, and what they may do",
  params: tenantParams,
  output: meSchema,
  errors: [],
});

export const changeOwnLanguage = endpoint({
  method: "PATCH",
  path: "/t/:tenant/me",
  summary: "Choose the language of the emails one gets oneself",
  params: tenantParams,
  body: z.object({ language: mailLanguage }),
  output: meSchema,
  errors: [],
});

export const changePassword = endpoint({
  method: "POST",
  path: "/t/:tenant/me/password",
  summary: "Change the own password; signs out everywhere else",
  params: tenantParams,
  body: z
    .object({ currentPassword: typedPassword, newPassword: typedPassword })
    .superRefine((input, context) => refinePassword(context, "newPassword", input.newPassword)),
  output: meSchema,
  errors: ["password.wrong", "password.unchanged", "password.refused", "throttled"],
});

/** What is answered where the password is right, and its person has a second factor. */
export const factorNeeded = "second_factor.needed";

export const confirmPassword = endpoint({
  method: "POST",
  path: "/t/:tenant/me/confirm",
  summary: "Give one's password again, and one's second factor, before a change that asks for it",
  params: tenantParams,
  body: z.object({
    password: typedPassword,
    secondFactor: givenFactor.optional().describe("Needed of whoever has one."),
  }),
  errors: [
    "password.wrong",
    factorNeeded,
    "second_factor.refused",
    "second_factor.codes_refused",
    "throttled",
  ],
});

export const askOwnPasskey = endpoint({
  method: "POST",
  path: "/t/:tenant/me/confirm/passkey",
  summary: "Get what a browser needs to have a passkey confirm that it is its owner; good for one try",
  params: tenantParams,
  output: requestOptions,
  errors: [],
});

export const requestReset = endpoint({
  method: "POST",
  path: "/t/:tenant/password-resets",
  summary: "Ask for a link to set a new password; the answer never says whether the address exists",
  params: tenantParams,
  body: z.object({ email: emailAddress }),
  status: 202,
  output: z.object({ mailKept }),
  errors: ["throttled"],
});

const linkToken = z.string().min(1).max(300);

/** What a personal link is for: accepting an invitation, or setting a new password. */
export const linkPurpose = z.enum(["invitation", "reset", "set_password"]);

export const checkLink = endpoint({
  method: "POST",
  path: "/t/:tenant/links/check",
  summary: "Look at a personal link without using it up",
  params: tenantParams,
  body: z.object({ token: linkToken }),
  output: z.object({
    purpose: linkPurpose,
    email: z.string(),
    firstName: z.string(),
    lastName: z.string(),
    expiresAt: z.iso.datetime(),
  }),
  errors: ["link.invalid", "link.expired", "link.used", "link.revoked"],
});

export const followLink = endpoint({
  method: "POST",
  path: "/t/:tenant/links/use",
  summary:
    "Use a personal link up: set the password and sign in. For whoever has a second factor that happens when they have given it, and the link can be used until then",
  params: tenantParams,
  body: z
    .object({ token: linkToken, password: typedPassword })
    .superRefine((input, context) => refinePassword(context, "password", input.password)),
  output: signedIn,
  errors: ["link.invalid", "link.expired", "link.used", "link.revoked", "password.refused", "throttled"],
});

export const getStart = endpoint({
  method: "GET",
  path: "/start",
  summary:
    "Where to begin: is the installation set up, and, where there is only one tenant, at which address",
  output: z.object({
    setUp: z.boolean(),
    tenant: z.string().nullable().describe("The slug of the only tenant."),
  }),
  errors: [],
});

const setUpSecret = z.string().min(1).max(200);

export const checkSetUp = endpoint({
  method: "POST",
  path: "/setup/check",
  summary: "Look at the set-up link of a new installation without using it up",
  body: z.object({ secret: setUpSecret }),
  output: z.object({ address: z.string().describe("The installation's public address.") }),
  errors: ["setup.link_invalid"],
});

export const setUp = endpoint({
  method: "POST",
  path: "/setup",
  summary: "Set up a new installation: its first tenant and that tenant's owner, who is then signed in",
  body: z
    .object({
      secret: setUpSecret,
      tenantName,
      slug: tenantSlug,
      timeZone: tenantSettings.shape.timeZone.optional(),
      firstName,
      lastName,
      email: emailAddress,
      password: typedPassword,
    })
    .superRefine((input, context) => refinePassword(context, "password", input.password, input)),
  output: meSchema,
  status: 201,
  errors: ["setup.link_invalid", "tenant.slug_taken"],
});

const sessionSchema = z.object({
  id: z.string(),
  begunAt: z.iso.datetime(),
  usedAt: z.iso.datetime().describe("As it was last noted, which is every five minutes."),
  ip: z.string().nullable(),
  userAgent: z.string().nullable().describe("What the browser said it is."),
  current: z.boolean().describe("The session that asks."),
});
export type Session = z.output<typeof sessionSchema>;

const sessionId = z.string().max(64);

const signInFacts = z.object({
  password: z
    .enum(["none", "temporary", "temporary_expired", "own"])
    .describe("none: they have not set one yet. temporary: to be changed at the first sign-in."),
  passwordExpiresAt: z.iso.datetime().nullable().describe("Of a temporary password."),
  secondFactors: z.object({
    authenticatorSetUpAt: z.iso.datetime().nullable(),
    passkeys: z.int(),
    recoveryCodesLeft: z.int(),
    required: z.boolean(),
    codesRefused: z
      .boolean()
      .describe("So many wrong codes were given that those of the authenticator app are not taken any more."),
  }),
  lockedUntil: z.iso.datetime().nullable().describe("After too many tries nobody gets in for a while."),
  sessions: z.array(sessionSchema),
});
export type SignInFacts = z.output<typeof signInFacts>;

export const getSignIn = endpoint({
  method: "GET",
  path: "/t/:tenant/users/:userId/sign-in",
  summary: "How a user gets in: their password's state, whether they are locked out, their sessions",
  params: userParams,
  output: signInFacts,
  errors: ["not_found"],
});

export const endSession = endpoint({
  method: "DELETE",
  path: "/t/:tenant/users/:userId/sessions/:sessionId",
  summary: "Sign a user out on one device",
  params: userParams.extend({ sessionId }),
  errors: ["not_found", "user.not_yours_to_change"],
});

export const endSessions = endpoint({
  method: "DELETE",
  path: "/t/:tenant/users/:userId/sessions",
  summary: "Sign a user out everywhere",
  params: userParams,
  errors: ["not_found", "user.not_yours_to_change"],
});

export const liftLockout = endpoint({
  method: "POST",
  path: "/t/:tenant/users/:userId/lift-lockout",
  summary: "Let a user try again at once who was locked out after too many tries",
  params: userParams,
  errors: ["not_found", "user.not_yours_to_change"],
});

export const resetSecondFactors = endpoint({
  method: "DELETE",
  path: "/t/:tenant/users/:userId/second-factors",
  summary: "Remove all second factors of a user who has lost them; signs them out everywhere",
  params: userParams,
  errors: [
    confirmFirst,
    "not_found",
    "user.not_yours_to_change",
    "user.yourself",
    "user.address_changed_lately",
  ],
});

export const listOwnSessions = endpoint({
  method: "GET",
  path: "/t/:tenant/me/sessions",
  summary: "Where one is signed in",
  params: tenantParams,
  output: z.object({ items: z.array(sessionSchema) }),
  errors: [],
});

export const endOwnSession = endpoint({
  method: "DELETE",
  path: "/t/:tenant/me/sessions/:sessionId",
  summary: "Sign out on another device",
  params: tenantParams.extend({ sessionId }),
  errors: ["not_found"],
});

export const endOtherSessions = endpoint({
  method: "DELETE",
  path: "/t/:tenant/me/sessions",
  summary: "Sign out everywhere but here",
  params: tenantParams,
  errors: [],
});
