import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";

/** A key to sign with, whose signatures anyone who has the public half can check (Ed25519). */
export type SigningKey = {
  /** 32 bytes, base64url. */
  publicKey: string;
  sign(text: string): Buffer;
  verify(text: string, signature: Buffer): boolean;
};

/** What stands before the 32 bytes of a private Ed25519 key in PKCS #8 (RFC 8410). */
const header = Buffer.from("302e020100300506032b657004220420", "hex");

export function signingKey(seed: Buffer): SigningKey {
  const privateKey = createPrivateKey({
    key: Buffer.concat([header, seed]),
    format: "der",
    type: "pkcs8",
  });
  const publicKey = createPublicKey(privateKey);
  return {
    publicKey: publicKey.export({ format: "jwk" }).x ?? "",
    sign: (text) => sign(null, Buffer.from(text), privateKey),
    verify: (text, signature) => verify(null, Buffer.from(text), publicKey, signature),
  };
}
