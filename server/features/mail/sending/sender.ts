import { randomBytes } from "node:crypto";
import type { JobServices } from "#server/context.ts";
import { type Outlets, openOutlets, type SlotsOf } from "./outlets.ts";
import type { Timing } from "./timing.ts";

/**
 * Whoever hands messages over. Its number is an advisory lock that it holds on a connection of its own: messages claimed
 * under a number nobody holds are anybody's again.
 */
export type Sender = {
  number: string;
  /** False once its lock is lost or it was closed: then it hands nothing over any more. */
  alive(): boolean;
  through: Outlets["through"];
  /** Gives the lock up. `now`: messages in hand are cut off, too. */
  close(how?: "now"): void;
};

type Options = { services: JobServices; slotsOf: SlotsOf; timing: Timing; lost: () => void };

const heartbeatMs = 10_000;

export async function openSender({ lost, ...options }: Options): Promise<Sender> {
  const { services } = options;
  const outlets = openOutlets(options);
  let alive = true;
  let release = () => {};
  const end = (how?: "now") => {
    if (how === "now") outlets.close("now");
    if (!alive) return;
    alive = false;
    outlets.close();
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
    alive: () => alive,
    through: outlets.through,
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
