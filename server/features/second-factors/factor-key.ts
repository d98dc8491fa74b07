import { wayNames } from "./shapes.ts";

const counted = [...wayNames, "passkey_alone", "set_up"] as const;
type Counted = (typeof counted)[number];

/**
 * What tries to give a second factor are counted by, each way by itself: whoever guesses at codes keeps nobody from their
 * passkeys and recovery codes, nor from setting up another; whoever tries passkeys alone, nobody from any after the password.
 */
export const factorKey = (tenantId: string, userId: string, way: Counted) =>
  `factor:${way}:${tenantId}:${userId}`;

export const factorKeys = (tenantId: string, userId: string) =>
  counted.map((way) => factorKey(tenantId, userId, way));
