import { parse, v7 as uuid } from "uuid";
import type { z } from "zod";
import type { Context, Door } from "#server/context.ts";
import { notFound, ProblemError } from "#server/platform/errors.ts";
import { record } from "../../audit/record.ts";
import { addMessages } from "../../mail/add-messages.ts";
import { presentPortal } from "../../tenants/present-portal.ts";
import { readUserRow } from "../../users/store.ts";
import type { addPasskey as contract } from "../contract.ts";
import { makeFirstRecoveryCodes } from "../recovery-codes.ts";
import { openSetUp, sealSetUp } from "../set-up-seal.ts";
import { creationOptions } from "../shapes.ts";
import { relyingParty } from "./relying-party.ts";
import { insertPasskey, listPasskeys } from "./store-passkeys.ts";
import { algorithms, known, webauthn } from "./webauthn.ts";

const most = 20;

/** What a browser needs to have somebody's device, key or password manager make a passkey. */
export async function beginPasskey(ctx: Context, userId: string) {
  const user = await readUserRow(ctx, userId);
  if (!user) throw notFound("user");
  const passkeys = await listPasskeys(ctx, userId);
  if (passkeys.length >= most) throw tooMany();
  const { portal } = await presentPortal(ctx);
  const { generateRegistrationOptions } = await webauthn();
  const generated = await generateRegistrationOptions({
    rpName: portal.name,
    rpID: relyingParty(ctx.instance.config).rpID,
    userID: parse(userId) as Uint8Array<ArrayBuffer>,
    userName: user.email,
    userDisplayName: `${user.first_name} ${user.last_name}`,
    timeout: 5 * 60_000,
    attestationType: "none",
    supportedAlgorithmIDs: algorithms,
    // The same one twice would be of no more use.
    excludeCredentials: known(passkeys),
    authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
  });
  const options = creationOptions.parse(generated);
  return { options, setUp: sealSetUp(ctx, { of: "passkey", userId }, options.challenge) };
}

type Wanted = z.output<typeof contract.body> & { userId: string };

/** It has signed what was made for whoever adds it, at this portal's address. From then on it is asked for. */
export async function addPasskey(door: Door, { userId, setUp, name, passkey }: Wanted) {
  const challenge = openSetUp(door, { of: "passkey", userId }, setUp);
  const { credential } = await verified(door, challenge, passkey);
  return door.run(async (ctx) => {
    const user = await readUserRow(ctx, userId, "lock");
    if (user?.status !== "active") throw notFound("user");
    if ((await listPasskeys(ctx, userId)).length >= most) throw tooMany();
    const added = await insertPasskey(ctx, {
      id: uuid(),
      userId,
      name,
      credentialId: Buffer.from(credential.id, "base64url"),
      publicKey: credential.publicKey,
      sign_count: credential.counter,
      transports: passkey.response.transports,
    });
    if (!added) throw new ProblemError(409, "passkey.known", "This passkey has been added already.");
    await record(ctx, {
      action: "second_factor.passkey_added",
      target: { kind: "user", id: userId },
      changes: { passkey: { before: null, after: name } },
    });
    await addMessages(ctx, [{ userId, kind: "second_factor.added", dueAt: "first" }]);
    return { recoveryCodes: await makeFirstRecoveryCodes(ctx, userId) };
  });
}

async function verified({ instance, log }: Door, challenge: string, passkey: Wanted["passkey"]) {
  const { verifyRegistrationResponse } = await webauthn();
  const { rpID, origin } = relyingParty(instance.config);
  const { registrationInfo } = await verifyRegistrationResponse({
    response: { ...passkey, clientExtensionResults: {} },
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: rpID,
    supportedAlgorithmIDs: algorithms,
    requireUserVerification: false,
  }).catch((error: Error) => {
    log.info({ reason: error.message }, "a passkey was not taken");
    return { registrationInfo: undefined };
  });
  if (registrationInfo) return registrationInfo;
  throw new ProblemError(
    422,
    "passkey.not_taken",
    `This passkey was not made for ${origin}, or not by this attempt. Open the portal at that address and try again.`,
  );
}

const tooMany = () =>
  new ProblemError(
    409,
    "passkey.too_many",
    `You have ${most} passkeys. Remove one that you do not use first.`,
  );
