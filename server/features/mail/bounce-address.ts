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

const tokenOf = (secrets: InstanceSecrets, whose: Whose) =>
  `${base32(whose.messageId.replaceAll("-", ""), 26)}.${seal(secrets, whose)}`;

const withExtension = (mailbox: string, extension: string) => {
  const at = mailbox.lastIndexOf("@");
  return `${mailbox.slice(0, at)}+${extension}${mailbox.slice(at)}`;
};

/**
 * Where reports about one message go: `bounces+<tenant>.<message>.<seal>@domain`, its envelope sender. Whoever knows the
 * address was sent that message, or is a mail server on its way. With a mailbox of seven characters it has the 64 before the @
 * that a mail server must take (RFC 5321 §4.5.3.1).
 */
export const bounceAddress = (mailbox: string, secrets: InstanceSecrets, whose: Whose) =>
  withExtension(mailbox, `${tailOf(whose.tenantId)}.${tokenOf(secrets, whose)}`);

/** The same at a mailbox of the tenant's own, whose reports come by its own address: the seal is enough. Twenty characters fit. */
export const tenantBounceAddress = (mailbox: string, secrets: InstanceSecrets, whose: Whose) =>
  withExtension(mailbox, tokenOf(secrets, whose));

/** A message that a report says it is about, and the seal it was sent to. */
export type ClaimedMessage = { messageId: string; seal: string };
export type ClaimedReference = MessageReference & ClaimedMessage;

const token = "([0-9a-v]{26})\\.([0-9a-v]{16})";
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
/** So far a text is looked through. */
const most = 65_536;

/** The first such address in a text; it is genuine only where `isSealed` says so. */
export function findBounceAddress(text: string, mailbox: string): ClaimedReference | undefined {
  const at = mailbox.lastIndexOf("@");
  const [before, after] = [escaped(mailbox.slice(0, at)), escaped(mailbox.slice(at))];
  const address = new RegExp(`${before}\\+([0-9a-f]{12})\\.${token}${after}`, "i");
  const [, tenantTail, message, sealed] = address.exec(text.slice(0, most)) ?? [];
  const claimed = claimedBy(message, sealed);
  return tenantTail && claimed ? { ...claimed, tenantTail: tenantTail.toLowerCase() } : undefined;
}

const atAnyMailbox = new RegExp(`\\+${token}@`, "i");

/** The same of a tenant's, at whatever mailbox: it may have another one since. */
export function findTenantBounceAddress(text: string): ClaimedMessage | undefined {
  const [, message, sealed] = atAnyMailbox.exec(text.slice(0, most)) ?? [];
  return claimedBy(message, sealed);
}

function claimedBy(message: string | undefined, sealed: string | undefined): ClaimedMessage | undefined {
  if (!message || !sealed) return undefined;
  const hex = [...message.toLowerCase()]
    .reduce((value, digit) => value * 32n + BigInt(Number.parseInt(digit, 32)), 0n)
    .toString(16)
    .padStart(32, "0");
  if (hex.length > 32) return undefined;
  const messageId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return { messageId, seal: sealed.toLowerCase() };
}

export const isSealed = (
  secrets: InstanceSecrets,
  tenantId: string,
  { messageId, seal: claimed }: ClaimedMessage,
) => timingSafeEqual(Buffer.from(seal(secrets, { tenantId, messageId })), Buffer.from(claimed));
