import type { Config } from "#server/platform/config/config.ts";

type Cookies = Pick<Config, "secureCookies">;

/** A cookie per tenant. Under https the __Host- prefix keeps other hosts of the domain from setting it (RFC 6265bis). */
const named = (name: string, tenantSlug: string, { secureCookies }: Cookies) =>
  `${secureCookies ? "__Host-" : ""}${name}_${tenantSlug.replace(/[^a-z0-9-]/g, "")}`;

export const cookieName = (tenantSlug: string, config: Cookies) => named("muster", tenantSlug, config);

/** Of what a browser is known by again, whoever signs in with it. */
export const browserCookieName = (tenantSlug: string, config: Cookies) =>
  named("muster-browser", tenantSlug, config);

/** Of a sign-in that was begun by the right password and waits for the second factor. */
export const begunCookieName = (tenantSlug: string, config: Cookies) =>
  named("muster-begun", tenantSlug, config);

/** Of what a passkey was asked to sign to sign in by itself. */
export const challengeCookieName = (tenantSlug: string, config: Cookies) =>
  named("muster-passkey", tenantSlug, config);

/** For as long as browsers keep a cookie at most. */
export const browserDays = 400;

export const sessionCookie = ({ secureCookies }: Cookies) =>
  ({ path: "/", httpOnly: true, sameSite: "strict", secure: secureCookies }) as const;
