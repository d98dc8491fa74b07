import { z } from "zod";
import { endpoint } from "#server/platform/http/endpoint.ts";
import { tenantParams } from "../tenants/contract.ts";
import { authenticatorCode, creation, creationOptions, passkeyName } from "./shapes.ts";

const ownFactors = z.object({
  authenticator: z.object({ setUpAt: z.iso.datetime() }).nullable().describe("An authenticator app."),
  passkeys: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      createdAt: z.iso.datetime(),
      lastUsedAt: z.iso.datetime().nullable(),
      signsInAlone: z
        .boolean()
        .describe(
          "It signs in without email and password: it has checked who holds it, and the tenant allows it.",
        ),
    }),
  ),
  recoveryCodes: z
    .object({ left: z.int(), madeAt: z.iso.datetime() })
    .nullable()
    .describe("null: nothing is set up that they would stand in for."),
  required: z.boolean().describe("The tenant requires a second factor of this person."),
});
export type OwnFactors = z.output<typeof ownFactors>;

/** What is answered where somebody must first show again that it is them: their sign-in was some time ago. */
export const confirmFirst = "session.confirm_first";

export const getOwnFactors = endpoint({
  method: "GET",
  path: "/t/:tenant/me/second-factors",
  summary: "One's own second factors",
  params: tenantParams,
  output: ownFactors,
  errors: [],
});

export const beginAuthenticator = endpoint({
  method: "POST",
  path: "/t/:tenant/me/authenticator/begin",
  summary: "Get a new secret for an authenticator app; nothing changes until a code of it is given",
  params: tenantParams,
  output: z.object({
    secret: z.string().describe("Base32, for typing it."),
    address: z.string().describe("The same as an otpauth:// address, for a QR code."),
    setUp: z.string().describe("Send it back with the first code."),
  }),
  errors: [confirmFirst],
});

const newCodes = z.object({
  recoveryCodes: z.array(z.string()).describe("Shown this once. Empty: those made earlier still work."),
});

export const setUpAuthenticator = endpoint({
  method: "POST",
  path: "/t/:tenant/me/authenticator",
  summary: "Set up an authenticator app by its first code; it replaces an earlier one",
  params: tenantParams,
  body: z.object({ setUp: z.string().max(1000), code: authenticatorCode }),
  output: newCodes,
  errors: [confirmFirst, "authenticator.code_wrong", "second_factor.set_up_expired", "throttled"],
});

export const removeAuthenticator = endpoint({
  method: "DELETE",
  path: "/t/:tenant/me/authenticator",
  summary: "Remove one's authenticator app, and sign out everywhere else",
  params: tenantParams,
  errors: [confirmFirst, "not_found", "second_factor.last_required"],
});

export const renewRecoveryCodes = endpoint({
  method: "POST",
  path: "/t/:tenant/me/recovery-codes",
  summary: "Make ten new recovery codes; those made earlier stop working",
  params: tenantParams,
  output: newCodes,
  errors: [confirmFirst, "second_factor.none"],
});

const passkeyParams = tenantParams.extend({ passkeyId: z.uuid() });

export const beginPasskey = endpoint({
  method: "POST",
  path: "/t/:tenant/me/passkeys/begin",
  summary: "Get what a browser needs to make a passkey",
  params: tenantParams,
  output: z.object({
    options: creationOptions,
    setUp: z.string().describe("Send it back with the passkey."),
  }),
  errors: [confirmFirst, "passkey.too_many"],
});

export const addPasskey = endpoint({
  method: "POST",
  path: "/t/:tenant/me/passkeys",
  summary: "Add a passkey that the browser has made",
  params: tenantParams,
  body: z.object({ setUp: z.string().max(1000), name: passkeyName, passkey: creation }),
  output: newCodes,
  errors: [confirmFirst, "passkey.not_taken", "passkey.known", "second_factor.set_up_expired"],
});

export const renamePasskey = endpoint({
  method: "PATCH",
  path: "/t/:tenant/me/passkeys/:passkeyId",
  summary: "Call one's passkey something else",
  params: passkeyParams,
  body: z.object({ name: passkeyName }),
  errors: ["not_found"],
});

export const removePasskey = endpoint({
  method: "DELETE",
  path: "/t/:tenant/me/passkeys/:passkeyId",
  summary: "Remove one's passkey, and sign out everywhere else",
  params: passkeyParams,
  errors: [confirmFirst, "not_found", "second_factor.last_required"],
});
