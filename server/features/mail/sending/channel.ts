import { setImmediate as othersFirst } from "node:timers/promises";
import type { JobServices } from "#server/context.ts";
import { composeSource } from "#server/platform/smtp/compose-source.ts";
import type { Delivery } from "#server/platform/smtp/delivery.ts";
import type { OutgoingMessage } from "#server/platform/smtp/outgoing-message.ts";
import type { SmtpServer } from "#server/platform/smtp/smtp-server.ts";
import { openTransport } from "#server/platform/smtp/transport.ts";
import { keptInMailbox } from "../contract.ts";
import type { Timing } from "./timing.ts";

/** Where messages go: the mail server or, while none is configured, the built-in mailbox. */
export type Channel = {
  /** What was handed over before must be noted (`noted`) before the mail server can have taken this one, too. */
  handOver(message: OutgoingMessage, noted: Promise<unknown>, giveUp?: AbortSignal): Promise<HandedOver>;
  close(how?: "now"): void;
};

/** `source` is there when the message is kept by us, in the built-in mailbox. */
export type HandedOver = { delivery: Delivery; source?: Buffer };

/** `own`: a tenant's own mail server. */
type Options = { connections: number; timing: Timing; own?: SmtpServer | undefined };

/** In milliseconds. */
const ownConnecting = 10_000;

export function openChannel({ instance, log }: JobServices, { connections, timing, own }: Options): Channel {
  const { smtpUrl, dkim } = instance.config;
  const server = own ?? smtpUrl;
  if (!server) return mailbox;
  const transport = openTransport({
    server,
    connections,
    // The installation signs for its own domain, and for no address that a tenant chose.
    ...(own ? { idle: timing.ownIdleMs } : { dkim, discreet: true }),
    log,
    patience: own
      ? { connecting: ownConnecting, reply: timing.ownReplyMs, message: timing.ownMessageMs }
      : { reply: timing.replyMs },
  });
  return {
    handOver: async (message, noted, giveUp) => ({ delivery: await transport.send(message, noted, giveUp) }),
    close: transport.close,
  };
}

/** The one that is composed now, and those that wait for it. */
let composing: Promise<unknown> = Promise.resolve();

/** One after the other: all hands come at once, and composing for all of them would let no other job have a turn. */
function composeInTurn(message: OutgoingMessage): Promise<Buffer> {
  const composed = composing.then(() => othersFirst()).then(() => composeSource(message).source);
  composing = composed.catch(() => {});
  return composed;
}

/** The message is kept in the transaction that notes its outcome: exactly once. */
const mailbox: Channel = {
  handOver: async (message, noted) => {
    // Nothing is gained by being ahead of the one database that both are kept in.
    await noted.catch(() => {});
    return {
      delivery: { outcome: "accepted", reply: keptInMailbox },
      source: await composeInTurn(message),
    };
  },
  close: () => {},
};
