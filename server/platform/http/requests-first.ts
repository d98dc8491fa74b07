import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import type { FastifyInstance } from "fastify";

/** A request that takes longer than this is a transfer: nobody waits for its next millisecond. */
const freshMs = 250;
/** However many requests come, background work goes on after this long. */
const patienceMs = 25;

/** When the requests came that are not answered yet. */
const inHand = new Set<{ since: number }>();

/** Notes the requests that are in hand, for `requestsFirst`. */
export function noteRequests(server: FastifyInstance) {
  server.addHook("onRequest", async (_request, reply) => {
    const request = { since: performance.now() };
    inHand.add(request);
    reply.raw.once("close", () => inHand.delete(request));
  });
}

/**
 * Background work that is work for this process's one processor asks here every few milliseconds, and goes on when nobody
 * waits for an answer.
 */
export async function requestsFirst(): Promise<void> {
  const came = performance.now();
  await nextTurn();
  while (isSomebodyWaiting() && performance.now() - came < patienceMs) await pause(2);
}

function isSomebodyWaiting() {
  const now = performance.now();
  for (const { since } of inHand) if (now - since < freshMs) return true;
  return false;
}
