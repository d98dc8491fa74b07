import type { z } from "zod";
import type { Context, Door } from "#server/context.ts";
import { notFound, ProblemError } from "#server/platform/errors.ts";
import type { Http } from "#server/route.ts";
import { record } from "../audit/record.ts";
import { addMessages } from "../mail/add-messages.ts";
import { presentPortal } from "../tenants/present-portal.ts";
import { readUserRow } from "../users/store.ts";
import { sealSecret } from "./authenticator.ts";
import { newSecret, stepOfCode } from "./authenticator-code.ts";
import type { setUpAuthenticator as contract } from "./contract.ts";
import { factorKey } from "./factor-key.ts";
import { makeFirstRecoveryCodes } from "./recovery-codes.ts";
import { openSetUp, sealSetUp } from "./set-up-seal.ts";
import { writeAuthenticator } from "./store.ts";

/** A new secret for whoever asked. An authenticator app that is set up already goes on working until this one is. */
export async function beginAuthenticator(ctx: Context, userId: string) {
  const user = await readUserRow(ctx, userId);
  const { portal } = await presentPortal(ctx);
  const { secret, address } = await newSecret({ issuer: portal.name, label: user?.email ?? "" });
  return {
    secret,
    address,
    setUp: sealSetUp(ctx, { of: "authenticator", userId }, secret),
  };
}

type Wanted = z.output<typeof contract.body> & { userId: string };

/** Its first code shows that the app has the secret and that the clocks agree. From then on it is asked for. */
export async function setUpAuthenticator(door: Door, { userId, setUp, code }: Wanted, http: Http) {
  const attempt = await door.instance.throttle({ ip: http.ip, person: factorKey(door.tenantId, userId) });
  const secret = openSetUp(door, { of: "authenticator", userId }, setUp);
  const step = await stepOfCode(secret, code, door.now);
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

function wrongCode() {
  const detail =
    "This is not the code of this moment. Enter the six digits that your authenticator app shows now; if it goes on, check that the clock of your phone sets itself.";
  return new ProblemError(422, "authenticator.code_wrong", detail, { fields: { code: detail } });
}
