import type { Instance } from "#server/context.ts";
import type { Config } from "#server/platform/config/config.ts";
import type { OutgoingMessage } from "#server/platform/smtp/outgoing-message.ts";
import { bounceAddress } from "../bounce-address.ts";
import type { MessageContent, MessageKind } from "../kinds.ts";
import { writeMessageId } from "../message-reference.ts";
import { renderMessage } from "./render-message.ts";
import type { Place } from "./written-date.ts";

export type SendingTenant = Place & {
  id: string;
  slug: string;
  name: string;
  senderName?: string;
  replyTo?: string;
};
type Message = { id: string; kind: MessageKind; content: Extract<MessageContent, { to: object }> };
type Circumstances = { instance: Pick<Instance, "config" | "secrets">; tenant: SendingTenant };

/** A message as it goes to the mail server. */
export async function composeMessage(
  message: Message,
  { instance: { config, secrets }, tenant }: Circumstances,
): Promise<OutgoingMessage> {
  const { to, language, values } = message.content;
  const place = { language: language ?? tenant.language, timeZone: tenant.timeZone };
  const { subject, html, text } = await renderMessage(message.kind, place, {
    ...values,
    organisation: tenant.name,
    email: to.address,
    signInAddress: signInAddress(config, tenant.slug),
  });
  return {
    messageId: writeMessageId(tenant.id, message.id, mailDomain(config.publicUrl)),
    date: new Date(),
    from: senderMailbox(config, tenant),
    envelopeFrom:
      config.mailBounceAddress &&
      bounceAddress(config.mailBounceAddress, secrets, { tenantId: tenant.id, messageId: message.id }),
    to,
    ...(tenant.replyTo && { replyTo: tenant.replyTo }),
    subject,
    html,
    text,
  };
}

export const signInAddress = ({ publicUrl }: { publicUrl: string }, slug: string) =>
  `${publicUrl}/t/${slug}/`;

/**
 * The name is what the tenant chose, else the one of `People <people@example.org>`, else the tenant's own. The address is
 * the installation's: another one would not pass the checks of whoever receives it (SPF, DKIM).
 */
function senderMailbox({ mailFrom, publicUrl }: Config, { name: own, senderName }: SendingTenant) {
  if (!mailFrom) return { name: senderName || own, address: `no-reply@${mailDomain(publicUrl)}` };
  const [, name = "", address = ""] = /^(.*)<([^<>]+)>\s*$/.exec(mailFrom) ?? [];
  const configured = name.trim().replace(/^"(.*)"$/, "$1");
  return { name: senderName || configured || own, address: address || mailFrom.trim() };
}

/** A bare IP address is written in brackets after an @ (RFC 5321 §4.1.3). */
function mailDomain(publicUrl: string) {
  const { hostname } = new URL(publicUrl);
  if (hostname.startsWith("[")) return `[IPv6:${hostname.slice(1, -1)}]`;
  return /^\d+(\.\d+){3}$/.test(hostname) ? `[${hostname}]` : hostname;
}
