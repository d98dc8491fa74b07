import SMTPPool from "nodemailer/lib/smtp-pool";
import { type Composed, composeSource } from "./compose-source.ts";
import { type Delivery, deliveryOf, tidyReply } from "./delivery.ts";
import { holdEnd } from "./hold-end.ts";
import type { OutgoingMessage } from "./outgoing-message.ts";
import { type DkimKey, signSource } from "./sign-source.ts";
import { type AnyServer, connectionOptions, nameOfServer } from "./smtp-server.ts";

/** A mail server, reached over a few connections that stay open. */
export type Transport = {
  /**
   * Hands over one message. Never throws: what goes wrong is an outcome. `mayEnd`: its last line, with which the server takes
   * it, is not sent before that is fulfilled. `giveUp`: leaves off, unless that line has been sent.
   */
  send(message: OutgoingMessage, mayEnd?: Promise<unknown>, giveUp?: AbortSignal): Promise<Delivery>;
  /** Connects and logs in, for the log at start: what is wrong, or undefined when all is well. */
  verify(): Promise<string | undefined>;
  /** Ends all connections, those in the middle of a message when that is done, or `now`. */
  close(how?: "now"): void;
};

type Options = {
  /** `smtp://` (STARTTLS where offered, with a login always) or `smtps://`; `?requireTLS=true`, `?tls.rejectUnauthorized=false` and the like. */
  server: AnyServer;
  connections: number;
  /** In milliseconds, after which a connection with nothing to do is closed. */
  idle?: number;
  /** Whoever reads of what goes wrong is not who set the server: only the log tells which it is, and as whom it is logged in to. */
  discreet?: boolean;
  /** Signs every message. */
  dkim?: DkimKey | undefined;
  log: { info(details: object, message: string): void; warn(details: object, message: string): void };
  patience?: Partial<Patience>;
};

/** In milliseconds. */
type Patience = {
  /** Connecting, greeting and TLS. */
  connecting: number;
  /** Any single reply. A server that scans what it gets takes its time, and giving up too early repeats the message. */
  reply: number;
  /** One message altogether: a server that trickles its replies would hold a connection for ever. */
  message: number;
};
const usualPatience: Patience = { connecting: 20_000, reply: 120_000, message: 600_000 };

export function openTransport({
  server,
  connections,
  idle,
  dkim,
  log,
  patience,
  discreet,
}: Options): Transport {
  const { connecting, reply, message: whole } = { ...usualPatience, ...patience };
  const name = nameOfServer(server);
  const pool = new SMTPPool({
    ...connectionOptions(server, connecting),
    ...(idle !== undefined && { idleTimeout: idle }),
    maxConnections: connections,
    maxMessages: 1000,
    // Once more at once where the server had closed a connection that lay idle; anything else is for the caller.
    maxRequeues: 1,
    connectionTimeout: connecting,
    greetingTimeout: connecting,
    dnsTimeout: connecting,
    socketTimeout: reply,
  });
  // A connection that breaks while idle is replaced at the next message.
  pool.on("error", (error) => log.warn({ err: error }, "mail connection lost"));
  return {
    send: async (message, mayEnd, giveUp) => {
      const tooLong = new AbortController();
      const timer = setTimeout(() => tooLong.abort(), whole);
      const progress: Progress = { begun: false, ended: false };
      const leaveOff = () => {
        if (!progress.ended) tooLong.abort();
      };
      giveUp?.addEventListener("abort", leaveOff);
      try {
        const { source, envelope } = composeSource(message);
        const composed = { source: await signSource(source, dkim), envelope };
        const { messageId } = message;
        const words = await handOver(pool, composed, { messageId, mayEnd, signal: tooLong.signal, progress });
        return { outcome: "accepted", reply: tidyReply(words) };
      } catch (error) {
        const { begun } = progress;
        if (!discreet) return deliveryOf(error, name, begun);
        const delivery = deliveryOf(error, undefined, begun);
        if (delivery.outcome === "deferred" && delivery.scope !== "message" && !giveUp?.aborted)
          log.warn({ err: error, server: name }, "the mail server could not be used");
        return delivery;
      } finally {
        clearTimeout(timer);
        giveUp?.removeEventListener("abort", leaveOff);
      }
    },
    verify: async () => {
      try {
        await pool.verify();
        return undefined;
      } catch (error) {
        return deliveryOf(error, name).reply;
      }
    },
    close: (how) => pool.close({ force: how === "now" }),
  };
}

/** How far a message is: the server was told of it; its last line has been sent, and the server may take it at any moment. */
type Progress = { begun: boolean; ended: boolean };

type Handing = {
  messageId: string;
  mayEnd: Promise<unknown> | undefined;
  signal: AbortSignal;
  progress: Progress;
};
type PoolMail = Parameters<SMTPPool["send"]>[0];

/** Answers the server's words. What is handed to nodemailer's pool is what it asks of a message, and no more. */
function handOver(
  pool: SMTPPool,
  { source, envelope }: Composed,
  { messageId, mayEnd, signal, progress }: Handing,
): Promise<string> {
  const message = {
    getEnvelope: () => ({ ...envelope }),
    messageId: () => messageId,
    getHeader: () => messageId,
    // The pool asks for it once it is logged in; and for another where it takes the message to another connection.
    createReadStream: () => {
      Object.assign(progress, { begun: true, ended: false });
      return holdEnd(source, mayEnd).once("end", () => {
        progress.ended = true;
      });
    },
  };
  return new Promise((resolve, reject) => {
    // The types ask for a whole MimeNode; these four are what the pool calls.
    pool.send({ data: { signal }, message } as unknown as PoolMail, (error, info) =>
      error ? reject(error) : resolve(info?.response ?? ""),
    );
  });
}
