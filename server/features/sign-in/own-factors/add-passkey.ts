import { parse, v7 as uuid } from "uuid";
import type { z } from "zod";
import type { Context, Door } from "#server/context.ts";
import { notFound, ProblemError } from "#server/platform/errors.ts";
import type { Http } from "#server/route.ts";
import { record } from "../../audit/record.ts";
import type { addPasskey as contract } from "../../second-factors/contract.ts";
import { relyingParty } from "../../second-factors/passkeys/relying-party.ts";
import { insertPasskey, listPasskeys } from "../../second-factors/passkeys/store-passkeys.ts";
import { algorithms, known, webauthn } from "../../second-factors/passkeys/webauthn.ts";
import { creationOptions } from "../../second-factors/shapes.ts";
import { presentPortal } from "../../tenants/present-portal.ts";
import { readUserRow } from "../../users/store.ts";
import { currentSession, holdSession, ownId } from "../own-session.ts";
import { afterAdding } from "./after-adding.ts";
import { openSetUp, requireNothingSince, sealSetUp } from "./set-up-seal.ts";

const most = 20;

const whose = (door: Pick<Door, "tenantSlug" | "instance" | "actor">, http: Http) =>
  ({ of: "passkey", userId: ownId(door), session: currentSession(door, http) }) as const;

/** What a browser needs to have somebody's device, key or password manager make a passkey. */
export async function beginPasskey(ctx: Context, http: Http) {
  const userId = ownId(ctx);
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
  return { options, setUp: sealSetUp(ctx, whose(ctx, http), options.challenge) };
}

type Wanted = z.output<typeof contract.body>;

/** It has signed what was made for whoever adds it, at this portal's address. From then on it is asked for. */
export async function addPasskey(door: Door, { setUp, name, passkey }: Wanted, http: Http) {
  const begun = openSetUp(door, whose(door, http), setUp);
  const { credential, userVerified } = await verified(door, begun.value, passkey);
  return door.run(async (ctx) => {
    const held = await holdSession(ctx, http);
    requireNothingSince(begun, held.session.factor_at);
    const userId = held.user.id;
    if ((await listPasskeys(ctx, userId)).length >= most) throw tooMany();
    const added = await insertPasskey(ctx, {
      id: uuid(),
      userId,
      name,
      credentialId: Buffer.from(credential.id, "base64url"),
      publicKey: credential.publicKey,
      sign_count: credential.counter,
      holder_verified: userVerified,
      transports: passkey.response.transports,
    });
    if (!added) throw new ProblemError(409, "passkey.known", "This passkey has been added already.");
    await record(ctx, {
      action: "second_factor.passkey_added",
      target: { kind: "user", id: userId },
      changes: { passkey: { before: null, after: name } },
    });
    return afterAdding(ctx, held);
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
