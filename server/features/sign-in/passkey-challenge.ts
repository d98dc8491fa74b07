import type { Door } from "#server/context.ts";
import type { Http } from "#server/route.ts";
import { minutesAfter } from "../credentials/validity.ts";
import { challengeCookieName } from "./session-cookie.ts";

/** As long as a browser is told to wait for a passkey. */
const challengeMinutes = 5;
export const challengeSeconds = challengeMinutes * 60;

type Asked = { challenge: string; until: number };

const contextOf = ({ tenantId }: Door) => `passkey sign-in:${tenantId}`;

/**
 * What a passkey has to sign to sign in by itself goes to the browser that asked, sealed for its tenant, in a cookie of its
 * own. Nothing is kept here of whoever only asks.
 */
export function keepChallenge(door: Door, challenge: string, http: Pick<Http, "keepChallenge">) {
  const until = minutesAfter(door.now, challengeMinutes);
  const asked: Asked = { challenge, until: until.getTime() };
  const sealed = door.instance.secrets.seal(JSON.stringify(asked), contextOf(door));
  http.keepChallenge(door.tenantSlug, sealed.toString("base64url"), until);
}

/** Undefined where this browser was asked for nothing here, or too long ago. */
export function readChallenge(door: Door, http: Http): string | undefined {
  const kept = http.cookie(challengeCookieName(door.tenantSlug, door.instance.config)) ?? "";
  try {
    const opened = door.instance.secrets.open(Buffer.from(kept, "base64url"), contextOf(door));
    const { challenge, until } = JSON.parse(opened.toString()) as Asked;
    return until > door.now.getTime() ? challenge : undefined;
  } catch {
    // None, or not sealed here.
    return undefined;
  }
}
