import { parse } from "uuid";
import type { z } from "zod";
import type { Context, Door } from "#server/context.ts";
import { ProblemError } from "#server/platform/errors.ts";
import type { Http } from "#server/route.ts";
import { record } from "../audit/record.ts";
import { factorKey } from "../second-factors/factor-key.ts";
import { acceptPasskey, anyPasskeyOptions } from "../second-factors/passkeys/passkey.ts";
import { findPasskeyOwner } from "../second-factors/passkeys/store-passkeys.ts";
import { clearWrongCodes } from "../second-factors/store.ts";
import { nobodysTenant } from "../tenants/find-tenant.ts";
import { readSettingsRow, readTenant } from "../tenants/store.ts";
import { readableSettings } from "../tenants/tenant-settings.ts";
import { readUserRow } from "../users/store.ts";
import type { signInByPasskey as contract } from "./contract.ts";
import { startFor } from "./let-in.ts";
import { challengeSeconds, keepChallenge, readChallenge } from "./passkey-challenge.ts";

/** A challenge for whichever passkey its owner chooses: the same for everybody, also where there is no such tenant. */
export async function beginPasskeySignIn(door: Door, http: Http) {
  await door.run(requirePasskeysAlone);
  const options = await anyPasskeyOptions(door.instance.config);
  keepChallenge(door, options.challenge, http);
  return options;
}

/** Whether a tenant allows it, its sign-in page shows anybody: that is no secret. One that is not there, or suspended, seems to. */
async function requirePasskeysAlone(ctx: Context) {
  const row = await readSettingsRow(ctx.tx, ctx.tenantId);
  if (row?.status !== "active" || readableSettings(row.settings).passkeySignIn) return;
  throw new ProblemError(
    403,
    "sign_in.passkey_off",
    "Nobody signs in here with a passkey alone. Sign in with your email address and password; your passkey is asked for after them.",
  );
}

type Passkey = z.output<typeof contract.body>["passkey"];
type Signed = { passkey: Passkey; challenge: string };
type Tried = Signed & { userId: string | undefined };
type LetIn = Awaited<ReturnType<typeof startFor>>;

/**
 * Signs in with a passkey alone, which has made sure itself of who holds it: what somebody has, and their fingerprint, face or
 * PIN. Whoever it belongs to, and whatever is wrong, the answer is the same. Each challenge is good for one try.
 */
export async function signInByPasskey(door: Door, { passkey }: { passkey: Passkey }, http: Http) {
  const credentialId = Buffer.from(passkey.id, "base64url");
  const userId = await door.run(async (ctx) => {
    await requirePasskeysAlone(ctx);
    return findPasskeyOwner(ctx, credentialId);
  });
  const attempt = await door.instance.throttle({ ip: http.ip, person: triedAs(door, userId, credentialId) });
  const challenge = readChallenge(door, http);
  http.clearChallenge(door.tenantSlug);
  let started: LetIn | undefined;
  const tried = await firstTry(door, challenge, async (challenge) => {
    started = await door.run((ctx) => letOwnerIn(ctx, { userId, passkey, challenge }, http));
  });
  // Nothing was looked at: anybody can say whose passkey it is.
  if (!tried) await door.run((ctx) => noteRefusal(ctx, undefined));
  if (!started) throw refused();
  await attempt.succeeded();
  http.clearBegun(door.tenantSlug);
  http.setSession(door.tenantSlug, started.session.token, started.session.keepUntil);
  return started.me;
}

/** All of somebody's together; of a passkey nobody has by itself, so that it is answered alike. */
const triedAs = ({ tenantId }: Door, userId: string | undefined, credentialId: Buffer) =>
  userId === undefined
    ? `passkey:${tenantId}:${credentialId.toString("base64url")}`
    : factorKey(tenantId, userId, "passkey_alone");

/** Answers whether there was a challenge, and this was the first try with it. */
async function firstTry(
  { instance }: Door,
  challenge: string | undefined,
  work: (challenge: string) => Promise<void>,
): Promise<boolean> {
  if (challenge === undefined) return false;
  const outcome = await instance.throttle.once(`passkey:${challenge}`, challengeSeconds, () =>
    work(challenge),
  );
  return outcome === "done";
}

async function letOwnerIn(ctx: Context, { userId, ...signed }: Tried, http: Http) {
  if (userId === undefined || !(await isOwner(ctx, userId, signed)))
    return void (await noteRefusal(ctx, userId));
  await clearWrongCodes(ctx, userId);
  const target = { kind: "user", id: userId } as const;
  await record(ctx, { action: "sign_in.succeeded", target, details: { way: "passkey_alone" }, by: userId });
  return startFor(ctx, { userId, mustChangePassword: false, factorAt: ctx.now }, http);
}

async function noteRefusal(ctx: Context, userId: string | undefined) {
  if (ctx.tenantId === nobodysTenant) return;
  const target = userId === undefined ? {} : { target: { kind: "user", id: userId } as const };
  await record(ctx, { action: "sign_in.refused", ...target, details: { way: "passkey_alone" } });
}

/** Locked, so that what ends all sessions does not miss the one that begins here. */
async function isOwner(ctx: Context, userId: string, { passkey, challenge }: Signed) {
  const user = await readUserRow(ctx, userId, "lock");
  const tenant = await readTenant(ctx.tx, ctx.tenantId);
  if (user?.status !== "active" || tenant?.status !== "active") return false;
  // Whose it says it is must be whose it is here: it was told when it was made.
  if (passkey.response.userHandle !== Buffer.from(parse(userId)).toString("base64url")) return false;
  return acceptPasskey(ctx, userId, { challenge, answer: passkey, holder: "verified" });
}

const refused = () =>
  new ProblemError(
    401,
    "sign_in.passkey_refused",
    "This passkey does not sign you in here: it took too long, belongs to another organisation, was removed, or was never used after your password while it checked that it is you. Try it again, or use your password.",
  );
