import type { Config } from "#server/platform/config/config.ts";

type Cookies = Pick<Config, "secureCookies">;

/** A cookie per tenant. Under https the __Host- prefix keeps other hosts of the domain from setting it (RFC 6265bis). */
export const cookieName = (tenantSlug: string, { secureCookies }: Cookies) =>
  `${secureCookies ? "__Host-" : ""}muster_${tenantSlug.replace(/[^a-z0-9-]/g, "")}`;

export const sessionCookie = ({ secureCookies }: Cookies) =>
  ({ path: "/", httpOnly: true, sameSite: "strict", secure: secureCookies }) as const;
