import { createHash } from "node:crypto";
import { canonicalJson } from "#server/platform/crypto/canonical-json.ts";

export type Value = string | number | boolean | null | readonly string[] | readonly number[];
export type Changes = Record<string, { before: Value; after: Value }>;

/** What of an event is personal, and is erased with the person. */
export type Personal = { changes?: Changes | undefined; address?: string | undefined; addressKey?: string };

/** What the event keeps of it. */
export const personalDigest = (salt: Buffer, content: Personal): Buffer =>
  createHash("sha256").update(salt).update(canonicalJson(content)).digest();

/** Of two states of a thing, those fields that differ. */
export function changesBetween<State extends Record<string, Value>>(before: State, after: State): Changes {
  const differ = Object.keys(after).filter(
    (name) => canonicalJson(before[name]) !== canonicalJson(after[name]),
  );
  return Object.fromEntries(
    differ.map((name) => [name, { before: before[name] ?? null, after: after[name] ?? null }]),
  );
}

/** The fields of something that was not there before. */
export const changesFromNothing = (after: Record<string, Value>): Changes =>
  Object.fromEntries(Object.entries(after).map(([name, value]) => [name, { before: null, after: value }]));
