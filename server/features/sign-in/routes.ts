import { hashToken } from "#server/platform/crypto/secret-token.ts";
import { serve, serveInstance, serveSlowly } from "#server/route.ts";
import { record } from "../audit/record.ts";
import { activeSlugs } from "../tenants/store.ts";
import { changePassword } from "./change-password.ts";
import * as contract from "./contract.ts";
import { checkLink, followLink } from "./follow-link.ts";
import { presentMe } from "./present-me.ts";
import { requestReset } from "./request-reset.ts";
import { cookieName } from "./session-cookie.ts";
import { checkSetUp, setUp } from "./set-up.ts";
import { signIn } from "./sign-in.ts";
import { removeSession } from "./store.ts";

export const signInRoutes = [
  serveSlowly(contract.signIn, {
    permission: "anyone",
    handle: (door, { body }, http) => signIn(door, body, http),
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
    beforePasswordChange: true,
    handle: async (ctx) => {
      if (ctx.actor.kind !== "user") throw new Error("Nobody is signed in.");
      return presentMe(ctx, ctx.actor.id, ctx.actor.mustChangePassword);
    },
  }),
  serveSlowly(contract.changePassword, {
    permission: "signed_in",
    beforePasswordChange: true,
    handle: (door, { body }, http) => changePassword(door, body, http),
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
