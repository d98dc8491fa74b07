import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import { type SigningKey, signingKey } from "./signing-key.ts";

/** All that is derived from the instance key. Whoever has the key can read seals and forge links; nobody else can. */
export type InstanceSecrets = {
  /** Authenticated encryption (AES-256-GCM), bound to `context`: opened elsewhere it does not open. */
  seal(text: string | Buffer, context: string): Buffer;
  open(sealed: Buffer, context: string): Buffer;
  /** A message authentication code of `text` for one purpose, base64url, 256 bits. */
  sign(purpose: string, text: string): string;
  verify(purpose: string, text: string, signature: string): boolean;
  /** Signs what leaves the installation and is to be believed later. */
  signingKey: SigningKey;
  /** A password of one of Muster's database roles. */
  derivePassword(name: string): string;
};

const sealVersion = 1;

export function instanceSecrets(instanceKey: Buffer): InstanceSecrets {
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync("sha256", instanceKey, "", `muster:${purpose}`, 32));
  const sealKey = derive("seal");
  // Made once: from bytes each signature would take five times as long.
  const signKey = createSecretKey(derive("sign"));
  const sign = (purpose: string, text: string) =>
    createHmac("sha256", signKey).update(`${purpose}\0${text}`).digest("base64url");
  return {
    seal(text, context) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", sealKey, nonce).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(text), cipher.final()]);
      return Buffer.concat([Buffer.of(sealVersion), nonce, cipher.getAuthTag(), body]);
    },
    open(sealed, context) {
      if (sealed[0] !== sealVersion || sealed.length < 29) throw new Error("Not a seal of this version.");
      const decipher = createDecipheriv("aes-256-gcm", sealKey, sealed.subarray(1, 13), { authTagLength: 16 })
        .setAAD(Buffer.from(context))
        .setAuthTag(sealed.subarray(13, 29));
      return Buffer.concat([decipher.update(sealed.subarray(29)), decipher.final()]);
    },
    sign,
    verify(purpose, text, signature) {
      const expected = Buffer.from(sign(purpose, text));
      const given = Buffer.from(signature);
      return expected.length === given.length && timingSafeEqual(expected, given);
    },
    signingKey: signingKey(derive("public signatures")),
    derivePassword: (name) => derive(`database role ${name}`).toString("base64url"),
  };
}
