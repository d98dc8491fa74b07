/** What a message is named by outside: its id, and the end of its tenant's, by which the tenant is found. */
export type MessageReference = { messageId: string; tenantTail: string };

/** Twelve random hexadecimal digits of a tenant's id. */
export const tailOf = (tenantId: string) => tenantId.slice(-12);

const pattern = /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([0-9a-f]{12})@/i;

/** `<message.tenant@host>`: fixed when the message is made, so that one that comes twice is recognised. */
export const writeMessageId = (tenantId: string, messageId: string, host: string) =>
  `<${messageId}.${tailOf(tenantId)}@${host}>`;

/** Says nothing of whether it is genuine: anybody may know a Message-ID. */
export function readMessageId(text: string): MessageReference | undefined {
  const [, messageId, tenantTail] = pattern.exec(text) ?? [];
  return messageId && tenantTail ? { messageId: messageId.toLowerCase(), tenantTail } : undefined;
}
