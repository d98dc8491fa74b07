import type { Passkey } from "./store-passkeys.ts";

/** Loaded when somebody has a passkey: it takes a quarter of a second, which no start should wait for. */
export const webauthn = () => import("@simplewebauthn/server");

/** EdDSA, ES256 and RS256, as COSE numbers them: what every browser and key has. Others are experiments in this Node. */
export const algorithms = [-8, -7, -257];

/** Passkeys by which a browser finds out which of them is at hand. */
export const known = (passkeys: readonly Passkey[]) =>
  passkeys.map(({ credential_id: id, transports }) => ({ id: id.toString("base64url"), transports }));
