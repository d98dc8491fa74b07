import { randomBytes } from "node:crypto";
import type { JobServices } from "#server/context.ts";
import type { Delivery } from "#server/platform/smtp/delivery.ts";
import type { OutgoingMessage } from "#server/platform/smtp/outgoing-message.ts";
import { openChannel } from "./channel.ts";
import type { Slots } from "./slots.ts";
import type { Timing } from "./timing.ts";

/**
 * Whoever hands messages over. Its number is an advisory lock that it holds on a connection of its own: messages claimed
 * under a number nobody holds are anybody's again.
 */
export type Sender = {
  number: string;
  /** How many messages may be in hand at once, those of all tenants together. */
  connections: number;
  slots: Slots;
  /** False once its lock is lost or it was closed: then it hands nothing over any more. */
  alive(): boolean;
  /** What is wrong with the mail server, while trying further messages is of no use. */
  trouble(): Trouble | undefined;
  handOver(message: OutgoingMessage, noted: Promise<unknown>): Promise<HandedOver>;
  /** Gives the lock up. `now`: messages in hand are cut off, too. */
  close(how?: "now"): void;
};
export type Trouble = { until: Date; reply: string };
/** `source` is there when the message is kept by us, in the built-in mailbox. */
export type HandedOver = { delivery: Delivery; source?: Buffer };

type Options = { services: JobServices; slots: Slots; connections: number; timing: Timing; lost: () => void };

const heartbeatMs = 10_000;

export async function openSender(options: Options): Promise<Sender> {
  const { services, slots, connections, timing, lost } = options;
  const channel = openChannel(services, connections, timing);
  const watch = watchServer(Math.max(2, connections), timing.troublePauseMs);
  let alive = true;
  let release = () => {};
  const end = (how?: "now") => {
    if (how === "now") channel.close("now");
    if (!alive) return;
    alive = false;
    channel.close();
    release();
    lost();
  };
  const held = await holdNumber(services, () => {
    services.log.warn({}, "A mail sender lost its database connection; another one takes over.");
    end();
  });
  release = held.release;
  return {
    number: held.number,
    connections,
    slots,
    alive: () => alive,
    trouble: watch.trouble,
    handOver: async (message, noted) => {
      const handedOver = await channel.handOver(message, noted);
      watch.notice(handedOver.delivery);
      return handedOver;
    },
    close: end,
  };
}

async function holdNumber({ database }: JobServices, lost: () => void) {
  const number = (randomBytes(8).readBigUInt64BE() >> 2n).toString();
  const client = await database.connect();
  let beat: NodeJS.Timeout | undefined;
  const release = () => {
    clearInterval(beat);
    client.off("end", gone);
    void client.end().catch(() => {});
  };
  const gone = () => {
    release();
    lost();
  };
  client.on("error", gone);
  client.on("end", gone);
  await client.query("select pg_advisory_lock($1)", [number]);
  // A connection can be dead without either side having been told. PostgreSQL would then give the lock up first.
  let answered = true;
  beat = setInterval(() => {
    if (!answered) return gone();
    answered = false;
    client.query("select 1").then(
      () => {
        answered = true;
      },
      () => {},
    );
  }, heartbeatMs);
  beat.unref();
  return { number, release };
}

const mostDoublings = 5;

/**
 * One message may break a connection by what is in it. That many failures in a row are the server's, and then it is left
 * in peace for a while, for longer each time: a hundred thousand messages need not each find out, and a server that counts
 * logins is not kept from forgetting them.
 */
function watchServer(failuresThatAreTrouble: number, pauseMs: number) {
  let failures = 0;
  let pauses = 0;
  let trouble: Trouble | undefined;
  const isPaused = () => trouble !== undefined && trouble.until.getTime() > Date.now();
  return {
    notice: (delivery: Delivery) => {
      const failed = delivery.outcome === "deferred" && delivery.scope === "server";
      failures = failed ? failures + 1 : 0;
      if (!failed) {
        trouble = undefined;
        pauses = 0;
      } else if (failures >= failuresThatAreTrouble && !isPaused()) {
        const longer = 2 ** Math.min(pauses, mostDoublings);
        trouble = { until: new Date(Date.now() + pauseMs * longer), reply: delivery.reply };
        pauses += 1;
      }
    },
    trouble: () => (isPaused() ? trouble : undefined),
  };
}
