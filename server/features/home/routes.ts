import { serve } from "#server/route.ts";
import { getHome } from "./contract.ts";
import { readHome } from "./read-home.ts";

export const homeRoutes = [
  serve(getHome, { permission: "users.read", handle: (ctx, { query }) => readHome(ctx, query.days) }),
];
