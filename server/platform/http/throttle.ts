import { createHash } from "node:crypto";
import { isIPv6 } from "node:net";
import type pg from "pg";
import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { ProblemError } from "#server/platform/errors.ts";

/** Tries from one address, and for one person (whether they exist or not), in 15 minutes; and what is done once, and one at a time. */
const limits = { ip: 100, person: 10, once: 1, at_once: 1 } as const;
const windowSeconds = 15 * 60;
/** Whoever does something once and is killed has not done it, and somebody else may after that. */
const doneWithinSeconds = 60;

/** Counts a try before it is made, so that many at once do not slip through; throws when there were too many. */
export type Throttle = {
  (attempt: {
    ip: string;
    person: string;
  }): Promise<{
    /** The next one is refused, whoever makes it. */
    isLast: boolean;
    /** Takes the try back: it was no guess. */
    succeeded(): Promise<void>;
  }>;
  /** Until when there are too many tries for that person; undefined where there are not. */
  blockedUntil(person: string): Promise<Date | undefined>;
  /** The tries for that person count from nought again. */
  forget(person: string): Promise<void>;
  /**
   * Does what is done once for a token within so many seconds. Not where it was done before, or is being done now; where it
   * failed, or its process was killed, it was not done. One that is killed right after may do it twice.
   */
  once(token: string, seconds: number, work: () => Promise<void>): Promise<"done" | "before" | "under way">;
};

/** Counters in PostgreSQL (`muster.rate_limits`), shared by all server processes. */
export function openThrottle(pool: pg.Pool): Throttle {
  const limiter = (keyPrefix: keyof typeof limits) =>
    new RateLimiterPostgres({
      storeClient: pool,
      storeType: "pool",
      schemaName: "muster",
      tableName: "rate_limits",
      tableCreated: true,
      clearExpiredByTimeout: false,
      keyPrefix,
      points: limits[keyPrefix],
      duration: windowSeconds,
    });
  const byIp = limiter("ip");
  const byPerson = limiter("person");
  const done = limiter("once");
  const underWay = limiter("at_once");
  const attempt = async ({ ip, person }: { ip: string; person: string }) => {
    const hashed = hashOf(person);
    const network = networkOf(ip);
    await consume(byIp, network);
    const { remainingPoints } = await consume(byPerson, hashed);
    return {
      isLast: remainingPoints === 0,
      succeeded: async () => {
        await byPerson.delete(hashed);
        await byIp.reward(network);
      },
    };
  };
  return Object.assign(attempt, {
    blockedUntil: async (person: string) => {
      const counted = await byPerson.get(hashOf(person));
      return counted && counted.remainingPoints <= 0
        ? new Date(Date.now() + counted.msBeforeNext)
        : undefined;
    },
    forget: async (person: string) => {
      await byPerson.delete(hashOf(person));
    },
    once: async (token: string, seconds: number, work: () => Promise<void>) => {
      const hashed = hashOf(token);
      const isDone = async () => (await done.get(hashed)) !== null;
      if (await isDone()) return "before";
      if (!(await isFirst(underWay, hashed))) return "under way";
      try {
        // By whoever was at it until a moment ago.
        if (await isDone()) return "before";
        await work();
        await done.set(hashed, 1, seconds);
        return "done";
      } finally {
        await underWay.delete(hashed);
      }
    },
  });
}

/** The table never shows whom somebody tried to be, nor what was signed. */
const hashOf = (person: string) => createHash("sha256").update(person).digest("base64url");

/** Whoever has an IPv6 address has 2^64 of them: they count as one. */
function networkOf(ip: string) {
  if (!isIPv6(ip)) return ip;
  const [head = "", tail = ""] = ip.split("::");
  const left = head.split(":").filter(Boolean);
  const right = tail.split(":").filter(Boolean);
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => "0");
  return [...left, ...(ip.includes("::") ? zeros : []), ...right].slice(0, 4).join(":");
}

async function consume(limiter: RateLimiterPostgres, key: string) {
  try {
    return await limiter.consume(key);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    throw tooMany(Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)));
  }
}

async function isFirst(limiter: RateLimiterPostgres, key: string): Promise<boolean> {
  try {
    await limiter.consume(key, 1, { customDuration: doneWithinSeconds });
    return true;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return false;
    throw refusal;
  }
}

function tooMany(seconds: number) {
  const minutes = Math.ceil(seconds / 60);
  const wait = minutes === 1 ? "a minute" : `${minutes} minutes`;
  return new ProblemError(429, "throttled", `Too many tries. Wait ${wait}, then try again.`, {
    retryAfterSeconds: seconds,
  });
}
