import type { JobServices } from "#server/context.ts";
import { requestsFirst } from "#server/platform/http/requests-first.ts";
import { composeSource, type OutgoingMessage } from "#server/platform/smtp/outgoing-message.ts";
import { openTransport } from "#server/platform/smtp/transport.ts";
import type { HandedOver } from "./sender.ts";
import type { Timing } from "./timing.ts";

/** Where messages go: the mail server or, while none is configured, the built-in mailbox. */
export type Channel = {
  /** What was handed over before must be noted (`noted`) before the mail server can have taken this one, too. */
  handOver(message: OutgoingMessage, noted: Promise<unknown>): Promise<HandedOver>;
  close(how?: "now"): void;
};

export function openChannel({ instance, log }: JobServices, connections: number, timing: Timing): Channel {
  const { smtpUrl, dkim } = instance.config;
  if (!smtpUrl) return mailbox;
  const transport = openTransport({
    url: smtpUrl,
    connections,
    dkim,
    log,
    patience: { reply: timing.replyMs },
  });
  return {
    handOver: async (message, noted) => ({ delivery: await transport.send(message, noted) }),
    close: transport.close,
  };
}

/** The one that is composed now, and those that wait for it. */
let composing: Promise<unknown> = Promise.resolve();

/** One after the other: all hands come at once, and composing for all of them would let nobody else have a turn. */
function composeInTurn(message: OutgoingMessage): Promise<Buffer> {
  const composed = composing.then(requestsFirst).then(() => composeSource(message));
  composing = composed.catch(() => {});
  return composed;
}

/** The message is kept in the transaction that notes its outcome: exactly once. */
const mailbox: Channel = {
  handOver: async (message, noted) => {
    // Nothing is gained by being ahead of the one database that both are kept in.
    await noted.catch(() => {});
    return keep(message);
  },
  close: () => {},
};

const keep = async (message: OutgoingMessage): Promise<HandedOver> => ({
  delivery: { outcome: "accepted", reply: "Kept in the built-in mailbox: no mail server is configured." },
  source: await composeInTurn(message),
});
