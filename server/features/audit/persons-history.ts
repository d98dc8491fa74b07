import type { Door } from "#server/context.ts";
import type { AuditEvent } from "./contract.ts";
import { pageOfEvents } from "./list-audit.ts";
import type { EventPlace } from "./store.ts";

const pageRows = 2000;

/**
 * What happened to a person and, after it, what they did; of others no more than that something was done to them. Each event
 * begins with what `inWords` says of it.
 */
export async function* personsHistory(
  door: Door,
  userId: string,
  inWords: (event: AuditEvent) => object,
): AsyncGenerator<object[]> {
  for (const [part, filter] of [
    ["happened", { target: userId }],
    ["done", { actor: userId }],
  ] as const) {
    let after: EventPlace | undefined;
    do {
      const page = await door.run((ctx) => pageOfEvents(ctx, filter, { limit: pageRows, after }));
      const events = page.items.filter((event) => part === "happened" || event.target?.id !== userId);
      yield events.map((event) => ({ ...inWords(event), ...ownPart(event, userId) }));
      after = page.next;
    } while (after);
  }
}

/** From where somebody else did it, and what somebody else was and is, is about them. */
const ownPart = ({ id, at, action, actor, target, ...rest }: AuditEvent, userId: string) => ({
  id,
  at,
  action,
  by: actor.id === userId ? "themselves" : actor.kind,
  ...(actor.id === userId && { ip: rest.ip, userAgent: rest.userAgent }),
  ...(target?.id === userId
    ? { changes: rest.changes, address: rest.address }
    : { to: target && { kind: target.kind, id: target.id } }),
  details: rest.details,
});
