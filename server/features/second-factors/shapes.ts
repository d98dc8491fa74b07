import { z } from "zod";

/** A code of an authenticator app as people type it: with or without spaces. */
export const authenticatorCode = z
  .string()
  .max(40)
  .overwrite((text) => text.replace(/\s/g, ""))
  .regex(/^\d{6}$/, "Enter the six digits that your authenticator app shows now.");

export const recoveryCode = z.string().trim().min(1, "Enter one of your recovery codes.").max(40);

/** By what somebody shows that it is them, beside the password. */
export const wayNames = ["passkey", "authenticator", "recovery_code"] as const;
export type Way = (typeof wayNames)[number];

/** WebAuthn's own shapes, of which only what is used is taken and given (https://www.w3.org/TR/webauthn-3/). */
const publicKey = z.literal("public-key");
const bytes = (most: number) => z.string().max(most).describe("base64url");
const credentials = z.array(z.object({ id: z.string(), type: publicKey, transports: z.array(z.string()) }));
const wanted = z.enum(["discouraged", "preferred", "required"]);

export const creationOptions = z.object({
  rp: z.object({ id: z.string(), name: z.string() }),
  user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
  challenge: z.string(),
  pubKeyCredParams: z.array(z.object({ alg: z.int(), type: publicKey })),
  timeout: z.int(),
  excludeCredentials: credentials,
  authenticatorSelection: z.object({ residentKey: wanted, userVerification: wanted }),
  attestation: z.literal("none"),
});

export const requestOptions = z.object({
  rpId: z.string(),
  challenge: z.string(),
  timeout: z.int(),
  allowCredentials: credentials,
  userVerification: wanted,
});

/** What a browser has made. */
export const creation = z.object({
  id: bytes(2000),
  rawId: bytes(2000),
  type: publicKey,
  response: z.object({
    clientDataJSON: bytes(4000),
    attestationObject: bytes(20_000),
    transports: z.array(z.string().max(30)).max(10).default([]),
  }),
});

/** What a passkey has signed. */
export const passkeyAnswer = z.object({
  id: bytes(2000),
  rawId: bytes(2000),
  type: publicKey,
  response: z.object({
    clientDataJSON: bytes(4000),
    authenticatorData: bytes(4000),
    signature: bytes(4000),
  }),
});
export type PasskeyAnswer = z.output<typeof passkeyAnswer>;

/** The same of one that was not asked for by its owner's name, and says whose it is. */
export const discoveredPasskey = passkeyAnswer.extend({
  response: passkeyAnswer.shape.response.extend({ userHandle: bytes(200) }),
});

/** A second factor as it is given. */
export const givenFactor = z.discriminatedUnion("way", [
  z.object({ way: z.literal("passkey"), passkey: passkeyAnswer }),
  z.object({ way: z.literal("authenticator"), code: authenticatorCode }),
  z.object({ way: z.literal("recovery_code"), code: recoveryCode }),
]);
export type GivenFactor = z.output<typeof givenFactor>;

export const passkeyName = z
  .string()
  .trim()
  .min(1, "Give it a name by which you know it again.")
  .max(60, "At most 60 characters.")
  .regex(/^\P{Cc}*$/u, "No line breaks or control characters.");
