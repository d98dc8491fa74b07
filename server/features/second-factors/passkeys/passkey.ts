import type { Context } from "#server/context.ts";
import type { Config } from "#server/platform/config/config.ts";
import { type PasskeyAnswer, requestOptions } from "../shapes.ts";
import { relyingParty } from "./relying-party.ts";
import { listPasskeys, notePasskeyUse } from "./store-passkeys.ts";
import { known, webauthn } from "./webauthn.ts";

const timeout = 5 * 60_000;

/** What a browser needs to have one of somebody's passkeys sign a new challenge. */
export async function passkeyOptions(ctx: Context, userId: string) {
  const { generateAuthenticationOptions } = await webauthn();
  const generated = await generateAuthenticationOptions({
    rpID: relyingParty(ctx.instance.config).rpID,
    timeout,
    allowCredentials: known(await listPasskeys(ctx, userId)),
    userVerification: "preferred",
  });
  return requestOptions.parse(generated);
}

/** The same of whoever it is: their browser shows them which passkeys they have here, and makes sure that it is them. */
export async function anyPasskeyOptions(config: Config) {
  const { generateAuthenticationOptions } = await webauthn();
  const { rpID } = relyingParty(config);
  return requestOptions.parse(
    await generateAuthenticationOptions({
      rpID,
      timeout,
      allowCredentials: [],
      userVerification: "required",
    }),
  );
}

type Signed = {
  challenge: string;
  answer: PasskeyAnswer;
  /**
   * Whoever holds it has to have shown it their fingerprint, face or PIN, and not for the first time: a key that never asked
   * for one lets its finder set a PIN.
   */
  holder?: "verified";
};

/** Has one of this person's passkeys signed that challenge, at this portal's address? It is noted as used now. */
export async function acceptPasskey(
  ctx: Context,
  userId: string,
  { challenge, answer, holder }: Signed,
): Promise<boolean> {
  const passkey = (await listPasskeys(ctx, userId)).find(
    ({ credential_id: id }) => id.toString("base64url") === answer.id,
  );
  if (!passkey) return false;
  if (holder === "verified" && !passkey.holder_verified) return false;
  const { verifyAuthenticationResponse } = await webauthn();
  const { rpID, origin } = relyingParty(ctx.instance.config);
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: { ...answer, clientExtensionResults: {} },
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: rpID,
    credential: {
      id: answer.id,
      publicKey: new Uint8Array(passkey.public_key),
      counter: passkey.sign_count,
      transports: passkey.transports,
    },
    requireUserVerification: holder === "verified",
  }).catch((error: Error) => {
    ctx.log.info({ reason: error.message }, "a passkey was refused");
    return { verified: false, authenticationInfo: undefined };
  });
  if (!verified || !authenticationInfo) return false;
  const { newCounter: signCount, userVerified: holderVerified } = authenticationInfo;
  await notePasskeyUse(ctx, passkey.id, { userId, signCount, holderVerified });
  return true;
}
