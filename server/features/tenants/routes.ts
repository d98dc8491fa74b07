import { Readable } from "node:stream";
import { notFound } from "#server/platform/errors.ts";
import { serve, serveSlowly } from "#server/route.ts";
import { changeLogo, removeLogo } from "./change-logo.ts";
import * as contract from "./contract.ts";
import { presentPortal } from "./present-portal.ts";
import { changeSettings, presentSettings } from "./settings.ts";
import { readTenant } from "./store.ts";
import { readLogo } from "./store-logos.ts";

export const tenantRoutes = [
  serve(contract.getPortal, {
    permission: "anyone",
    handle: async (ctx) => (await presentPortal(ctx)).portal,
  }),
  serve(contract.getSettings, { permission: "settings.read", handle: (ctx) => presentSettings(ctx) }),
  serve(contract.changeSettings, {
    permission: "settings.change",
    // Whoever found a session of an administrator must not let everybody's second factor, or the password beside it, go with it.
    recentlyConfirmed: ({ body }) => body.secondFactor !== undefined || body.passkeySignIn !== undefined,
    handle: (ctx, { body }) => changeSettings(ctx, body),
  }),
  serve(contract.getLogo, {
    permission: "anyone",
    handle: async (ctx, _input, http) => {
      const tenant = await readTenant(ctx.tx, ctx.tenantId);
      const logo = tenant?.status === "active" ? await readLogo(ctx) : undefined;
      if (!logo) throw notFound("logo");
      return http.picture(logo) ? "" : Readable.from(logo.content);
    },
  }),
  serveSlowly(contract.changeLogo, {
    permission: "settings.change",
    handle: (door, _input, http) => changeLogo(door, http.files()),
  }),
  serve(contract.removeLogo, { permission: "settings.change", handle: (ctx) => removeLogo(ctx) }),
];
