import { timingSafeEqual } from "node:crypto";
import type { InstanceSecrets } from "#server/platform/crypto/instance-secrets.ts";
import { type MessageReference, tailOf } from "./message-reference.ts";

type Whose = { tenantId: string; messageId: string };

// Letters of one case and digits only: some mail servers do not keep the case of an address.
const base32 = (hex: string, digits: number) => BigInt(`0x${hex}`).toString(32).padStart(digits, "0");

function seal(secrets: InstanceSecrets, { tenantId, messageId }: Whose): string {
  const signature = Buffer.from(secrets.sign("bounce", `${tenantId}.${messageId}`), "base64url");
  return base32(signature.subarray(0, 10).toString("hex"), 16);
}

/**
 * Where reports about one message go: `bounces+<tenant>.<message>.<seal>@domain`, its envelope sender. Whoever knows the
 * address was sent that message, or is a mail server on its way. With a mailbox of nine characters it has the 64 before the @
 * that a mail server must take (RFC 5321 §4.5.3.1).
 */
export function bounceAddress(mailbox: string, secrets: InstanceSecrets, whose: Whose): string {
  const at = mailbox.lastIndexOf("@");
  const message = base32(whose.messageId.replaceAll("-", ""), 26);
  const token = `${tailOf(whose.tenantId)}.${message}.${seal(secrets, whose)}`;
  return `${mailbox.slice(0, at)}+${token}${mailbox.slice(at)}`;
}

export type ClaimedReference = MessageReference & { seal: string };

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The first such address in a text; it is genuine only where `isSealed` says so. */
export function findBounceAddress(text: string, mailbox: string): ClaimedReference | undefined {
  const at = mailbox.lastIndexOf("@");
  const address = new RegExp(
    `${escaped(mailbox.slice(0, at))}\\+([0-9a-f]{12})\\.([0-9a-v]{26})\\.([0-9a-v]{16})${escaped(mailbox.slice(at))}`,
    "i",
  );
  const [, tenantTail, message, sealed] = address.exec(text.slice(0, 65_536)) ?? [];
  if (!tenantTail || !message || !sealed) return undefined;
  const hex = [...message.toLowerCase()]
    .reduce((value, digit) => value * 32n + BigInt(Number.parseInt(digit, 32)), 0n)
    .toString(16)
    .padStart(32, "0");
  if (hex.length > 32) return undefined;
  const messageId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return { messageId, tenantTail: tenantTail.toLowerCase(), seal: sealed.toLowerCase() };
}

export const isSealed = (
  secrets: InstanceSecrets,
  tenantId: string,
  { messageId, seal: claimed }: ClaimedReference,
) => timingSafeEqual(Buffer.from(seal(secrets, { tenantId, messageId })), Buffer.from(claimed));
