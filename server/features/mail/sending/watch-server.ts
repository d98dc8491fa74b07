import type { Delivery } from "#server/platform/smtp/delivery.ts";

/** A mail server is left in peace until then: trying further messages is of no use. */
export type Trouble = { until: Date };

export type Watch = {
  notice(delivery: Delivery): void;
  trouble(): Trouble | undefined;
  /** Has it failed since it last did what it should? */
  failing(): boolean;
};

const mostDoublings = 5;

/**
 * One message may break a connection by what is in it. That many failures in a row are the server's, and then it is left
 * in peace for a while, for longer each time: a hundred thousand messages need not each find out, and a server that counts
 * logins is not kept from forgetting them.
 */
export function watchServer(failuresThatAreTrouble: number, pauseMs: number): Watch {
  let failures = 0;
  let pauses = 0;
  let trouble: Trouble | undefined;
  const isPaused = () => trouble !== undefined && trouble.until.getTime() > Date.now();
  return {
    notice: (delivery) => {
      const failed = delivery.outcome === "deferred" && delivery.scope === "server";
      failures = failed ? failures + 1 : 0;
      if (!failed) {
        trouble = undefined;
        pauses = 0;
      } else if (failures >= failuresThatAreTrouble && !isPaused()) {
        const longer = 2 ** Math.min(pauses, mostDoublings);
        trouble = { until: new Date(Date.now() + pauseMs * longer) };
        pauses += 1;
      }
    },
    trouble: () => (isPaused() ? trouble : undefined),
    failing: () => failures > 0 || pauses > 0,
  };
}
