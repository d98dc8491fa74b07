import type { z } from "zod";
import type { Context, Door } from "#server/context.ts";
import { ProblemError } from "#server/platform/errors.ts";
import type { Http } from "#server/route.ts";
import { record } from "../../audit/record.ts";
import { sealSecret } from "../../second-factors/authenticator.ts";
import { newSecret, stepOfCode } from "../../second-factors/authenticator-code.ts";
import type { setUpAuthenticator as contract } from "../../second-factors/contract.ts";
import { factorKey } from "../../second-factors/factor-key.ts";
import { writeAuthenticator } from "../../second-factors/store.ts";
import { presentPortal } from "../../tenants/present-portal.ts";
import { readUserRow } from "../../users/store.ts";
import { currentSession, holdSession, ownId } from "../own-session.ts";
import { afterAdding } from "./after-adding.ts";
import { openSetUp, requireNothingSince, sealSetUp } from "./set-up-seal.ts";

const whose = (door: Pick<Door, "tenantSlug" | "instance" | "actor">, http: Http) =>
  ({ of: "authenticator", userId: ownId(door), session: currentSession(door, http) }) as const;

/** A new secret for whoever asked. An authenticator app that is set up already goes on working until this one is. */
export async function beginAuthenticator(ctx: Context, http: Http) {
  const user = await readUserRow(ctx, ownId(ctx));
  const { portal } = await presentPortal(ctx);
  const { secret, address } = await newSecret({ issuer: portal.name, label: user?.email ?? "" });
  return { secret, address, setUp: sealSetUp(ctx, whose(ctx, http), secret) };
}

type Wanted = z.output<typeof contract.body>;

/** Its first code shows that the app has the secret and that the clocks agree. From then on it is asked for. */
export async function setUpAuthenticator(door: Door, { setUp, code }: Wanted, http: Http) {
  const userId = ownId(door);
  const attempt = await door.instance.throttle({
    ip: http.ip,
    person: factorKey(door.tenantId, userId, "set_up"),
  });
  const begun = openSetUp(door, whose(door, http), setUp);
  const step = await stepOfCode(begun.value, code, door.now);
  if (step === undefined) throw wrongCode();
  const made = await door.run(async (ctx) => {
    const held = await holdSession(ctx, http);
    requireNothingSince(begun, held.session.factor_at);
    await writeAuthenticator(ctx, { userId, sealedSecret: sealSecret(ctx, userId, begun.value), step });
    await record(ctx, { action: "second_factor.authenticator_set_up", target: { kind: "user", id: userId } });
    return afterAdding(ctx, held);
  });
  await attempt.succeeded();
  return made;
}

function wrongCode() {
  const detail =
    "This is not the code of this moment. Enter the six digits that your authenticator app shows now; if it goes on, check that the clock of your phone sets itself.";
  return new ProblemError(422, "authenticator.code_wrong", detail, { fields: { code: detail } });
}
