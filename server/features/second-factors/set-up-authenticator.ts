import type { z } from "zod";
import type { Context, Door } from "#server/context.ts";
import { notFound, ProblemError } from "#server/platform/errors.ts";
import type { Http } from "#server/route.ts";
import { record } from "../audit/record.ts";
import { addMessages } from "../mail/add-messages.ts";
import { presentPortal } from "../tenants/present-portal.ts";
import { readUserRow } from "../users/store.ts";
import { sealSecret } from "./authenticator.ts";
import { newSecret, secretAddress, stepOfCode } from "./authenticator-code.ts";
import type { setUpAuthenticator as contract } from "./contract.ts";
import { factorKey } from "./factor-key.ts";
import { makeFirstRecoveryCodes } from "./recovery-codes.ts";
import { writeAuthenticator } from "./store.ts";

const minutesToSetUp = 30;

/**
 * A new secret, sealed for whoever asked to send it back with its first code: until then nothing is kept of it here, and an
 * authenticator app that is set up already goes on working.
 */
export async function beginAuthenticator(ctx: Context, userId: string) {
  const secret = newSecret();
  const user = await readUserRow(ctx, userId);
  const { portal } = await presentPortal(ctx);
  const until = ctx.now.getTime() + minutesToSetUp * 60_000;
  const setUp = ctx.instance.secrets.seal(JSON.stringify({ secret, until }), setUpOf(ctx, userId));
  return {
    secret,
    address: secretAddress(secret, { issuer: portal.name, label: user?.email ?? "" }),
    setUp: setUp.toString("base64url"),
  };
}

const setUpOf = ({ tenantId }: Pick<Context, "tenantId">, userId: string) =>
  `authenticator set-up:${tenantId}:${userId}`;

type Wanted = z.output<typeof contract.body> & { userId: string };

/** Its first code shows that the app has the secret and that the clocks agree. From then on it is asked for. */
export async function setUpAuthenticator(door: Door, { userId, setUp, code }: Wanted, http: Http) {
  const attempt = await door.instance.throttle({ ip: http.ip, person: factorKey(door.tenantId, userId) });
  const secret = secretOf(door, userId, setUp);
  const step = stepOfCode(secret, code, door.now);
  if (step === undefined) throw wrongCode();
  const recoveryCodes = await door.run(async (ctx) => {
    const user = await readUserRow(ctx, userId, "lock");
    if (user?.status !== "active") throw notFound("user");
    await writeAuthenticator(ctx, { userId, sealedSecret: sealSecret(ctx, userId, secret), step });
    await record(ctx, { action: "second_factor.authenticator_set_up", target: { kind: "user", id: userId } });
    await addMessages(ctx, [{ userId, kind: "second_factor.added", dueAt: "first" }]);
    return makeFirstRecoveryCodes(ctx, userId);
  });
  await attempt.succeeded();
  return { recoveryCodes };
}

function secretOf(door: Door, userId: string, setUp: string): string {
  const { secret, until } = opened(door, userId, setUp) ?? { secret: "", until: 0 };
  if (until > door.now.getTime()) return secret;
  throw new ProblemError(
    410,
    "authenticator.set_up_expired",
    "This took too long. Begin again: you get a new QR code.",
  );
}

function opened(door: Door, userId: string, setUp: string): { secret: string; until: number } | undefined {
  try {
    const text = door.instance.secrets.open(Buffer.from(setUp, "base64url"), setUpOf(door, userId));
    return JSON.parse(text.toString());
  } catch {
    // Not sealed here, or for somebody else.
    return undefined;
  }
}

function wrongCode() {
  const detail =
    "This is not the code of this moment. Enter the six digits that your authenticator app shows now; if it goes on, check that the clock of your phone sets itself.";
  return new ProblemError(422, "authenticator.code_wrong", detail, { fields: { code: detail } });
}
