import type { Instance } from "#server/context.ts";
import type { Config } from "#server/platform/config/config.ts";
import type { OutgoingMessage } from "#server/platform/smtp/outgoing-message.ts";
import { bounceAddress, tenantBounceAddress } from "../bounce-address.ts";
import type { MessageContent, MessageKind } from "../kinds.ts";
import { writeMessageId } from "../message-reference.ts";
import { renderMessage } from "./render-message.ts";
import { type SendingTenant, tenantValues } from "./sending-tenant.ts";

type Message = { id: string; kind: MessageKind; content: Extract<MessageContent, { to: object }> };
type Circumstances = { instance: Pick<Instance, "config" | "secrets">; tenant: SendingTenant };

/** A message as it goes to the mail server. */
export async function composeMessage(
  message: Message,
  { instance: { config, secrets }, tenant }: Circumstances,
): Promise<OutgoingMessage> {
  const { to, language, values } = message.content;
  const voice = { ...tenant, language: language ?? tenant.language };
  const { subject, html, text } = await renderMessage(message.kind, voice, {
    ...values,
    ...tenantValues(config.publicUrl, tenant),
    email: to.address,
  });
  return {
    messageId: writeMessageId(tenant.id, message.id, mailDomain(config.publicUrl)),
    date: new Date(),
    from: senderMailbox(config, tenant),
    envelopeFrom: envelopeSender({ config, secrets }, tenant, message.id),
    to,
    ...(tenant.replyTo && { replyTo: tenant.replyTo }),
    subject,
    html,
    text,
  };
}

/** Undefined: the sender. A tenant's own server may send in the name of its own addresses only: what comes back goes there, too. */
function envelopeSender(
  { config, secrets }: Circumstances["instance"],
  { id: tenantId, ownAddress, ownBounceAddress }: SendingTenant,
  messageId: string,
) {
  const whose = { tenantId, messageId };
  if (ownBounceAddress) return tenantBounceAddress(ownBounceAddress, secrets, whose);
  if (ownAddress || !config.mailBounceAddress) return undefined;
  return bounceAddress(config.mailBounceAddress, secrets, whose);
}

/**
 * The name is what the tenant chose, else the one of `People <people@example.org>`, else the tenant's own. The address is
 * that of whose server it goes by: another one would not pass the checks of whoever receives it (SPF, DKIM).
 */
function senderMailbox(config: Config, { name: own, senderName, ownAddress }: SendingTenant) {
  if (ownAddress) return { name: senderName || own, address: ownAddress };
  return {
    name: senderName || configuredSender(config).name || own,
    address: installationAddress(config),
  };
}

/** Whom emails come from that go by the installation's mail server. */
export const installationAddress = (config: Config) =>
  configuredSender(config).address || `no-reply@${mailDomain(config.publicUrl)}`;

function configuredSender({ mailFrom = "" }: Config) {
  const [, name = "", address = ""] = /^(.*)<([^<>]+)>\s*$/.exec(mailFrom) ?? [];
  return { name: name.trim().replace(/^"(.*)"$/, "$1"), address: address || mailFrom.trim() };
}

/** A bare IP address is written in brackets after an @ (RFC 5321 §4.1.3). */
function mailDomain(publicUrl: string) {
  const { hostname } = new URL(publicUrl);
  if (hostname.startsWith("[")) return `[IPv6:${hostname.slice(1, -1)}]`;
  return /^\d+(\.\d+){3}$/.test(hostname) ? `[${hostname}]` : hostname;
}
