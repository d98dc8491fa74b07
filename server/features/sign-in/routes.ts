import { hashToken } from "#server/platform/crypto/secret-token.ts";
import { serve, serveInstance, serveSlowly } from "#server/route.ts";
import { record } from "../audit/record.ts";
import { activeSlugs } from "../tenants/store.ts";
import { changeOwnLanguage } from "./change-own-language.ts";
import { changePassword } from "./change-password.ts";
import { askOwnPasskey, confirmPassword } from "./confirm-password.ts";
import * as contract from "./contract.ts";
import { endOne, endOthers, endSessionsOf } from "./end-sessions.ts";
import { askPasskey, finishSignIn, presentBegun } from "./finish-sign-in.ts";
import { checkLink, followLink } from "./follow-link.ts";
import { liftLockout } from "./lockout.ts";
import { currentSession, holdSession, ownId } from "./own-session.ts";
import { presentMe } from "./present-me.ts";
import { presentSessions, presentSignIn } from "./present-sign-in.ts";
import { requestReset } from "./request-reset.ts";
import { resetFactors } from "./reset-factors.ts";
import { cookieName } from "./session-cookie.ts";
import { checkSetUp, setUp } from "./set-up.ts";
import { signIn } from "./sign-in.ts";
import { beginPasskeySignIn, signInByPasskey } from "./sign-in-by-passkey.ts";
import { removeSession } from "./store.ts";

export const signInRoutes = [
  serveSlowly(contract.signIn, {
    permission: "anyone",
    handle: (door, { body }, http) => signIn(door, body, http),
  }),
  serve(contract.getBegunSignIn, {
    permission: "anyone",
    handle: (ctx, _input, http) => presentBegun(ctx, http),
  }),
  serve(contract.askPasskey, {
    permission: "anyone",
    handle: (ctx, _input, http) => askPasskey(ctx, http),
  }),
  serveSlowly(contract.finishSignIn, {
    permission: "anyone",
    handle: (door, { body }, http) => finishSignIn(door, body, http),
  }),
  serveSlowly(contract.beginPasskeySignIn, {
    permission: "anyone",
    handle: (door, _input, http) => beginPasskeySignIn(door, http),
  }),
  serveSlowly(contract.signInByPasskey, {
    permission: "anyone",
    handle: (door, { body }, http) => signInByPasskey(door, body, http),
  }),
  serve(contract.signOut, {
    permission: "anyone",
    handle: async (ctx, _input, http) => {
      const token = http.cookie(cookieName(ctx.tenantSlug, ctx.instance.config));
      const [ended] = token ? await removeSession(ctx, hashToken(token)) : [];
      const by = ended?.user_id;
      if (by) await record(ctx, { action: "sign_out.done", target: { kind: "user", id: by }, by });
      http.clearSession(ctx.tenantSlug);
    },
  }),
  serve(contract.getMe, {
    permission: "signed_in",
    beforeSecondFactor: true,
    beforePasswordChange: true,
    handle: async (ctx) => {
      if (ctx.actor.kind !== "user") throw new Error("Nobody is signed in.");
      return presentMe(ctx, ctx.actor.id, ctx.actor.mustChangePassword);
    },
  }),
  serve(contract.changeOwnLanguage, {
    permission: "signed_in",
    handle: async (ctx, { body }) => {
      await changeOwnLanguage(ctx, ownId(ctx), body.language);
      return presentMe(ctx, ownId(ctx), false);
    },
  }),
  serve(contract.listOwnSessions, {
    permission: "signed_in",
    handle: async (ctx, _input, http) => ({
      items: await presentSessions(ctx, ownId(ctx), currentSession(ctx, http)),
    }),
  }),
  serve(contract.endOwnSession, {
    permission: "signed_in",
    handle: async (ctx, { params }, http) => {
      const { user } = await holdSession(ctx, http);
      await endOne(ctx, user.id, params.sessionId);
    },
  }),
  serve(contract.endOtherSessions, {
    permission: "signed_in",
    handle: async (ctx, _input, http) => {
      const { user, idHash } = await holdSession(ctx, http);
      await endOthers(ctx, user.id, idHash);
    },
  }),
  serve(contract.getSignIn, {
    permission: "users.read",
    handle: (ctx, { params }, http) => presentSignIn(ctx, params.userId, currentSession(ctx, http)),
  }),
  serve(contract.endSession, {
    permission: "users.update",
    handle: (ctx, { params }) => endSessionsOf(ctx, params.userId, params.sessionId),
  }),
  serve(contract.endSessions, {
    permission: "users.update",
    handle: (ctx, { params }) => endSessionsOf(ctx, params.userId),
  }),
  serve(contract.liftLockout, {
    permission: "users.update",
    handle: (ctx, { params }) => liftLockout(ctx, params.userId),
  }),
  serveSlowly(contract.changePassword, {
    permission: "signed_in",
    beforePasswordChange: true,
    beforeSecondFactor: true,
    handle: (door, { body }, http) => changePassword(door, body, http),
  }),
  serveSlowly(contract.confirmPassword, {
    permission: "signed_in",
    beforeSecondFactor: true,
    handle: (door, { body }, http) => confirmPassword(door, body, http),
  }),
  serve(contract.askOwnPasskey, {
    permission: "signed_in",
    beforeSecondFactor: true,
    handle: (ctx, _input, http) => askOwnPasskey(ctx, http),
  }),
  serve(contract.resetSecondFactors, {
    permission: "users.reset_factors",
    recentlyConfirmed: true,
    handle: async (ctx, { params }) => {
      await resetFactors(ctx, params.userId);
    },
  }),
  serveSlowly(contract.requestReset, {
    permission: "anyone",
    handle: (door, { body }, http) => requestReset(door, body.email, http),
  }),
  serve(contract.checkLink, { permission: "anyone", handle: (ctx, { body }) => checkLink(ctx, body.token) }),
  serveSlowly(contract.followLink, {
    permission: "anyone",
    handle: (door, { body }, http) => followLink(door, body, http),
  }),
  serveInstance(contract.getStart, {
    permission: "anyone",
    handle: async ({ database }) => {
      const tenants = await database.asSystem("where a visitor begins", (tx) => activeSlugs(tx, 2));
      return { setUp: tenants.length > 0, tenant: tenants.length === 1 ? (tenants[0] ?? null) : null };
    },
  }),
  serveInstance(contract.checkSetUp, {
    permission: "anyone",
    handle: (ctx, { body }) => checkSetUp(ctx, body.secret),
  }),
  serveInstance(contract.setUp, {
    permission: "anyone",
    handle: (ctx, { body }, http) => setUp(ctx, body, http),
  }),
];
