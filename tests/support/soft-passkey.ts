import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

type Attempt = { challenge: string; rpId: string; origin: string };

/** `flags`: what it says now of whoever holds it. */
type Discovered = { count: number; userHandle: string; flags?: number };

/** What stands before a value in CBOR (RFC 8949): its kind, and a number, as short as can be. */
function head(kind: number, value: number): Buffer {
  if (value < 24) return Buffer.of((kind << 5) | value);
  return value < 256
    ? Buffer.of((kind << 5) | 24, value)
    : Buffer.of((kind << 5) | 25, value >> 8, value & 255);
}
const text = (value: string) => Buffer.concat([head(3, value.length), Buffer.from(value)]);
const bytes = (value: Buffer) => Buffer.concat([head(2, value.length), value]);
const int = (value: number) => (value < 0 ? head(1, -1 - value) : head(0, value));
const map = (...pairs: [Buffer, Buffer][]) => Buffer.concat([head(5, pairs.length), ...pairs.flat()]);

const sha256 = (value: string | Buffer) => createHash("sha256").update(value).digest();
const clientData = (type: "create" | "get", { challenge, origin }: Attempt) =>
  Buffer.from(JSON.stringify({ type: `webauthn.${type}`, challenge, origin, crossOrigin: false }));

/** What it can say of whoever holds it. */
export const present = 0x01;
export const verified = present | 0x04;
const credentialIncluded = 0x40;

/**
 * A passkey as a security key makes it, without a browser: it signs whatever it is told to, for whatever address. `madeFor`:
 * what it said of whoever held it then.
 */
export function softPasskey(madeFor = verified) {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const credentialId = randomBytes(32);
  const id = credentialId.toString("base64url");
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const coseKey = map(
    [int(1), int(2)],
    [int(3), int(-7)],
    [int(-1), int(1)],
    [int(-2), bytes(Buffer.from(x, "base64url"))],
    [int(-3), bytes(Buffer.from(y, "base64url"))],
  );
  const passkey = { id, rawId: id, type: "public-key" } as const;
  const authData = (rpId: string, flags: number, count: number) => {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(count);
    return Buffer.concat([sha256(rpId), Buffer.of(flags), counter]);
  };
  return {
    id,
    create(attempt: Attempt) {
      const attested = Buffer.concat([
        authData(attempt.rpId, madeFor | credentialIncluded, 1),
        Buffer.alloc(16),
        Buffer.of(0, credentialId.length),
        credentialId,
        coseKey,
      ]);
      const object = map(
        [text("fmt"), text("none")],
        [text("attStmt"), map()],
        [text("authData"), bytes(attested)],
      );
      return {
        ...passkey,
        response: {
          clientDataJSON: clientData("create", attempt).toString("base64url"),
          attestationObject: object.toString("base64url"),
          transports: ["usb"],
        },
      };
    },
    /** `count`: how often it says it has signed. */
    get(attempt: Attempt, count: number, flags = present) {
      return answer(attempt, authData(attempt.rpId, flags, count));
    },
    /** As `get`, having asked whoever holds it for their fingerprint, and saying whose it is. */
    discover(attempt: Attempt, { count, userHandle, flags = verified }: Discovered) {
      const signed = answer(attempt, authData(attempt.rpId, flags, count));
      return { ...signed, response: { ...signed.response, userHandle } };
    },
  };

  function answer(attempt: Attempt, authenticatorData: Buffer) {
    const data = clientData("get", attempt);
    const signature = sign("sha256", Buffer.concat([authenticatorData, sha256(data)]), privateKey);
    return {
      ...passkey,
      response: {
        clientDataJSON: data.toString("base64url"),
        authenticatorData: authenticatorData.toString("base64url"),
        signature: signature.toString("base64url"),
      },
    };
  }
}
