import { z } from "zod";
import type { SigningKey } from "#server/platform/crypto/signing-key.ts";
import type { HeadRow, Link } from "./store-chain.ts";

/** The end of a tenant's chain at one moment, signed. Whoever keeps it elsewhere can tell later whether anything before it changed. */
export type Head = { tenantId: string; position: number; hash: string; signedAt: string };

const textOf = ({ tenantId, position, hash, signedAt }: Head) =>
  ["muster audit head", tenantId, position, hash, signedAt].join("\n");

export function signHead(key: SigningKey, tenantId: string, link: Link, at: Date) {
  const head = {
    tenantId,
    position: link.position,
    hash: link.hash.toString("hex"),
    signedAt: at.toISOString(),
  };
  return { ...head, signature: key.sign(textOf(head)) };
}

/** As it is kept in the database. */
export const headOf = (tenantId: string, row: HeadRow): Head => ({
  tenantId,
  position: Number(row.position),
  hash: row.hash.toString("hex"),
  signedAt: row.signed_at.toISOString(),
});

export const isSignedHead = (key: SigningKey, head: Head, signature: Buffer) =>
  key.verify(textOf(head), signature);

/** What a retention took from the beginning of a chain: it stands in an event, so that the chain goes on from there. */
export type Removal = { first: number; last: number; hash: string };

const removalText = (tenantId: string, { first, last, hash }: Removal) =>
  ["muster audit removal", tenantId, first, last, hash].join("\n");

export const signRemoval = (key: SigningKey, tenantId: string, removal: Removal) =>
  key.sign(removalText(tenantId, removal)).toString("base64url");

const signedRemoval = z.object({ first: z.int(), last: z.int(), hash: z.string(), signature: z.string() });

/** The removal that a mark tells of; undefined where it was not signed here. */
export function readRemoval(key: SigningKey, tenantId: string, mark: unknown): Removal | undefined {
  const read = signedRemoval.safeParse(mark);
  if (!read.success) return undefined;
  const { signature, ...removal } = read.data;
  return key.verify(removalText(tenantId, removal), Buffer.from(signature, "base64url"))
    ? removal
    : undefined;
}
