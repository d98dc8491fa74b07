import type { Context, Door } from "#server/context.ts";
import { notFound, ProblemError } from "#server/platform/errors.ts";
import { serve, serveSlowly } from "#server/route.ts";
import { readUserRow } from "../users/store.ts";
import * as contract from "./contract.ts";
import { addPasskey, beginPasskey } from "./passkeys/add-passkey.ts";
import { renamePasskey } from "./passkeys/rename-passkey.ts";
import { presentFactors } from "./present-factors.ts";
import { makeRecoveryCodes } from "./recovery-codes.ts";
import { removeOwnAuthenticator, removeOwnPasskey } from "./remove-factors.ts";
import { beginAuthenticator, setUpAuthenticator } from "./set-up-authenticator.ts";
import { whetherHasFactor } from "./store.ts";

function own({ actor }: Pick<Context, "actor"> | Pick<Door, "actor">) {
  if (actor.kind !== "user") throw new Error("Nobody is signed in.");
  return actor;
}

/** What somebody who has to set one up may do before they have. */
const soon = { permission: "signed_in", beforeSecondFactor: true } as const;

export const secondFactorRoutes = [
  serve(contract.getOwnFactors, {
    ...soon,
    handle: (ctx) => presentFactors(ctx, own(ctx)),
  }),
  serve(contract.beginAuthenticator, {
    ...soon,
    recentlyConfirmed: true,
    handle: (ctx) => beginAuthenticator(ctx, own(ctx).id),
  }),
  serveSlowly(contract.setUpAuthenticator, {
    ...soon,
    recentlyConfirmed: true,
    handle: (door, { body }, http) => setUpAuthenticator(door, { ...body, userId: own(door).id }, http),
  }),
  serve(contract.removeAuthenticator, {
    permission: "signed_in",
    recentlyConfirmed: true,
    handle: (ctx) => removeOwnAuthenticator(ctx, own(ctx).id),
  }),
  serve(contract.beginPasskey, {
    ...soon,
    recentlyConfirmed: true,
    handle: (ctx) => beginPasskey(ctx, own(ctx).id),
  }),
  serveSlowly(contract.addPasskey, {
    ...soon,
    recentlyConfirmed: true,
    handle: (door, { body }) => addPasskey(door, { ...body, userId: own(door).id }),
  }),
  serve(contract.renamePasskey, {
    permission: "signed_in",
    handle: (ctx, { params, body }) => renamePasskey(ctx, own(ctx).id, { ...body, id: params.passkeyId }),
  }),
  serve(contract.removePasskey, {
    permission: "signed_in",
    recentlyConfirmed: true,
    handle: (ctx, { params }) => removeOwnPasskey(ctx, own(ctx).id, params.passkeyId),
  }),
  serve(contract.renewRecoveryCodes, {
    permission: "signed_in",
    recentlyConfirmed: true,
    handle: async (ctx) => {
      const { id } = own(ctx);
      if (!(await readUserRow(ctx, id, "lock"))) throw notFound("user");
      if (!(await whetherHasFactor(ctx, id))) throw none();
      return { recoveryCodes: await makeRecoveryCodes(ctx, id) };
    },
  }),
];

const none = () =>
  new ProblemError(
    409,
    "second_factor.none",
    "Recovery codes stand in for a second factor. Set up an authenticator app or a passkey first.",
  );
