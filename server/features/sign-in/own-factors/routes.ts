import type { Context } from "#server/context.ts";
import { ProblemError } from "#server/platform/errors.ts";
import { type Http, serve, serveSlowly } from "#server/route.ts";
import { addMessages } from "../../mail/add-messages.ts";
import * as contract from "../../second-factors/contract.ts";
import { renamePasskey } from "../../second-factors/passkeys/rename-passkey.ts";
import { presentFactors } from "../../second-factors/present-factors.ts";
import { makeRecoveryCodes } from "../../second-factors/recovery-codes.ts";
import { removeOwnAuthenticator, removeOwnPasskey } from "../../second-factors/remove-factors.ts";
import { whetherHasFactor } from "../../second-factors/store.ts";
import { endOthers } from "../end-sessions.ts";
import { holdSession, ownId } from "../own-session.ts";
import { addPasskey, beginPasskey } from "./add-passkey.ts";
import { beginAuthenticator, setUpAuthenticator } from "./set-up-authenticator.ts";

/** What somebody who has to set one up may do before they have. */
const soon = { permission: "signed_in", beforeSecondFactor: true } as const;

export const ownFactorRoutes = [
  serve(contract.getOwnFactors, {
    ...soon,
    handle: (ctx) => {
      if (ctx.actor.kind !== "user") throw new Error("Nobody is signed in.");
      return presentFactors(ctx, ctx.actor);
    },
  }),
  serve(contract.beginAuthenticator, {
    ...soon,
    recentlyConfirmed: true,
    handle: (ctx, _input, http) => beginAuthenticator(ctx, http),
  }),
  serveSlowly(contract.setUpAuthenticator, {
    ...soon,
    recentlyConfirmed: true,
    handle: (door, { body }, http) => setUpAuthenticator(door, body, http),
  }),
  serve(contract.removeAuthenticator, {
    permission: "signed_in",
    recentlyConfirmed: true,
    handle: async (ctx, _input, http) => {
      const { user, idHash } = await holdSession(ctx, http);
      await removeOwnAuthenticator(ctx, user);
      await endOthers(ctx, user.id, idHash);
    },
  }),
  serve(contract.beginPasskey, {
    ...soon,
    recentlyConfirmed: true,
    handle: (ctx, _input, http) => beginPasskey(ctx, http),
  }),
  serveSlowly(contract.addPasskey, {
    ...soon,
    recentlyConfirmed: true,
    handle: (door, { body }, http) => addPasskey(door, body, http),
  }),
  serve(contract.renamePasskey, {
    permission: "signed_in",
    handle: (ctx, { params, body }) => renamePasskey(ctx, ownId(ctx), { ...body, id: params.passkeyId }),
  }),
  serve(contract.removePasskey, {
    permission: "signed_in",
    recentlyConfirmed: true,
    handle: async (ctx, { params }, http) => {
      const { user, idHash } = await holdSession(ctx, http);
      await removeOwnPasskey(ctx, user, params.passkeyId);
      await endOthers(ctx, user.id, idHash);
    },
  }),
  serve(contract.renewRecoveryCodes, {
    permission: "signed_in",
    recentlyConfirmed: true,
    handle: (ctx, _input, http) => renewRecoveryCodes(ctx, http),
  }),
];

/** Their owner is told: ten ways in are as good as a second factor. */
async function renewRecoveryCodes(ctx: Context, http: Http) {
  const { user } = await holdSession(ctx, http);
  if (!(await whetherHasFactor(ctx, user.id))) throw none();
  const recoveryCodes = await makeRecoveryCodes(ctx, user.id);
  await addMessages(ctx, [{ userId: user.id, kind: "second_factor.codes_made", dueAt: "first" }]);
  return { recoveryCodes };
}

const none = () =>
  new ProblemError(
    409,
    "second_factor.none",
    "Recovery codes stand in for a second factor. Set up an authenticator app or a passkey first.",
  );
