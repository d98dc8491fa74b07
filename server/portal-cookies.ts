import type { FastifyReply } from "fastify";
import {
  begunCookieName,
  browserCookieName,
  browserDays,
  challengeCookieName,
  cookieName,
  sessionCookie,
} from "./features/sign-in/session-cookie.ts";
import type { Config } from "./platform/config/config.ts";
import type { Http } from "./route.ts";

type Cookies = Pick<
  Http,
  | "setSession"
  | "clearSession"
  | "keepBrowser"
  | "keepBegun"
  | "clearBegun"
  | "keepChallenge"
  | "clearChallenge"
>;

/** What browsers are given to keep: a cookie of each kind for each tenant. */
export function portalCookies(reply: FastifyReply, config: Config): Cookies {
  const attributes = sessionCookie(config);
  const keep = (name: string, value: string, until: { expires: Date } | { maxAge: number }) =>
    void reply.setCookie(name, value, { ...attributes, ...until });
  const clear = (name: string) => void reply.clearCookie(name, attributes);
  return {
    setSession: (slug, token, expires) => keep(cookieName(slug, config), token, { expires }),
    clearSession: (slug) => clear(cookieName(slug, config)),
    keepBrowser: (slug, token) =>
      keep(browserCookieName(slug, config), token, { maxAge: browserDays * 24 * 3600 }),
    keepBegun: (slug, token, maxAge) => keep(begunCookieName(slug, config), token, { maxAge }),
    clearBegun: (slug) => clear(begunCookieName(slug, config)),
    keepChallenge: (slug, signed, maxAge) => keep(challengeCookieName(slug, config), signed, { maxAge }),
    clearChallenge: (slug) => clear(challengeCookieName(slug, config)),
  };
}
