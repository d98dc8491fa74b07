import { notFound } from "#server/platform/errors.ts";
import { serve } from "#server/route.ts";
import { getPortal } from "./contract.ts";
import { readTenant } from "./store.ts";

export const tenantRoutes = [
  serve(getPortal, {
    permission: "anyone",
    handle: async (ctx) => {
      const tenant = await readTenant(ctx.tx, ctx.tenantId);
      if (tenant?.status !== "active") throw notFound("portal");
      return { slug: tenant.slug, name: tenant.name };
    },
  }),
];
