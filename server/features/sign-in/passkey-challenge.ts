import type { Door } from "#server/context.ts";
import type { Http } from "#server/route.ts";
import { minutesAfter } from "../credentials/validity.ts";
import { challengeCookieName } from "./session-cookie.ts";

/** As long as a browser is told to wait for a passkey. */
const challengeMinutes = 5;
export const challengeSeconds = challengeMinutes * 60;

const purpose = "passkey sign-in";
const textOf = ({ tenantId }: Door, challenge: string, until: string) => `${tenantId}\0${challenge}.${until}`;

/**
 * What a passkey has to sign to sign in by itself goes to the browser that asked, signed for its tenant, in a cookie of its
 * own. Nothing is kept here of whoever only asks.
 */
export function keepChallenge(door: Door, challenge: string, http: Pick<Http, "keepChallenge">) {
  const until = String(minutesAfter(door.now, challengeMinutes).getTime());
  const signature = door.instance.secrets.sign(purpose, textOf(door, challenge, until));
  http.keepChallenge(door.tenantSlug, `${challenge}.${until}.${signature}`, challengeSeconds);
}

/** Undefined where this browser was asked for nothing here, or too long ago. */
export function readChallenge(door: Door, http: Http): string | undefined {
  const kept = http.cookie(challengeCookieName(door.tenantSlug, door.instance.config)) ?? "";
  const [challenge = "", until = "", signature = ""] = kept.split(".");
  if (!door.instance.secrets.verify(purpose, textOf(door, challenge, until), signature)) return undefined;
  return Number(until) > door.now.getTime() ? challenge : undefined;
}
