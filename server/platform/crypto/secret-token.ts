import { createHash, randomBytes } from "node:crypto";

/** A secret of 256 random bits, for a cookie or a link. */
export const secretToken = () => randomBytes(32).toString("base64url");

/** What is stored of such a secret. It has enough entropy that one round of SHA-256 is all it needs. */
export const hashToken = (token: string) => createHash("sha256").update(token).digest();
