import type { Delivery } from "#server/platform/smtp/delivery.ts";
import { type Breaker, openBreaker, type Trouble } from "./breaker.ts";

/** What is known of how a mail server fares. */
export type Watch = {
  notice(delivery: Delivery, tenantId: string): void;
  /** While trying further messages of this tenant is of no use. */
  trouble(tenantId: string): Trouble | undefined;
  /** Has it taken a message since then? */
  tookSince(at: Date): boolean;
  /** Has it failed since it last did what it should? */
  failing(): boolean;
};

const denialsThatAreTrouble = 10;

/**
 * One message may break a connection by what is in it. That many failures in a row are the server's, and then it is left
 * in peace for a while, for longer each time: a hundred thousand messages need not each find out, and a server that counts
 * logins is not kept from forgetting them. Where it denies one tenant's messages in a row it is left in peace by that tenant:
 * it may be for what they say or whom they are for. So it is where the server gives no word on them: where it hangs at all messages
 * that is seen with each tenant, and one tenant's recipients at whom it hangs must not stop everybody's emails.
 */
export function watchServer(failuresThatAreTrouble: number, pauseMs: number): Watch {
  const server = openBreaker(failuresThatAreTrouble, pauseMs);
  const denials = new Map<string, Breaker>();
  let taken = 0;
  const denied = (tenantId: string) => {
    const breaker = denials.get(tenantId) ?? openBreaker(denialsThatAreTrouble, pauseMs);
    denials.set(tenantId, breaker);
    breaker.failed();
  };
  return {
    notice: (delivery, tenantId) => {
      if (delivery.outcome === "deferred" && delivery.scope === "server") return server.failed();
      if (delivery.outcome === "deferred" && delivery.scope === "either") return denied(tenantId);
      server.worked();
      if (delivery.outcome === "denied") denied(tenantId);
      if (delivery.outcome !== "accepted") return;
      taken = Date.now();
      denials.delete(tenantId);
    },
    trouble: (tenantId) => server.trouble() ?? denials.get(tenantId)?.trouble(),
    tookSince: (at) => taken > at.getTime(),
    failing: () => server.failing() || denials.size > 0,
  };
}
