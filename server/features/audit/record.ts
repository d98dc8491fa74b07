import { randomBytes } from "node:crypto";
import { v7 as uuid } from "uuid";
import type { Actor, Context } from "#server/context.ts";
import { type Changes, type Personal, personalDigest } from "./personal.ts";
import { insertEvents, type NewEvent } from "./store.ts";

export type AuditEvent = {
  /** Where something else is to name it. */
  id?: string;
  /** Past tense: `user.created`. */
  action: string;
  target?: { kind: "user" | "group" | "import" | "tenant" | "message" | "bulk_action"; id: string };
  /** What each field was and is. The event keeps the fields' names and a digest; the values can be erased. */
  changes?: Changes;
  /** The address somebody typed whom nobody may know. It can be erased too. */
  address?: string;
  /** The same as addresses are compared: so it is found again when their owner is erased. */
  addressKey?: string;
  /** Names of what changed, where the values are not kept. */
  fields?: readonly string[];
  /** Numbers and ids; nothing personal, nothing secret. */
  details?: Record<string, string | number | boolean>;
  /** Who it turned out to be, where nobody was signed in yet: somebody signing in or following a link. */
  by?: string;
};

/** Writes what happened, in the transaction in which it happened. */
export async function record(ctx: Context, event: AuditEvent): Promise<void> {
  await recordAll(ctx, [event]);
}

/** Many events at once. Nothing here waits for other writers: a job puts what is committed into the chain. */
export async function recordAll(ctx: Context, events: readonly AuditEvent[]): Promise<void> {
  if (events.length > 0)
    await insertEvents(
      ctx,
      events.map((event) => eventOf(event, whoDid(ctx.actor))),
    );
}

/** Who is said to have done it: of what a job does on somebody's behalf, they. */
const whoDid = (actor: Actor) => (actor.kind === "system" && actor.askedBy) || actor;

function eventOf(
  { action, target, changes, address, addressKey, by, ...rest }: AuditEvent,
  actor: ReturnType<typeof whoDid>,
): NewEvent {
  const fields = rest.fields ?? Object.keys(changes ?? {});
  const personal =
    changes || address !== undefined ? sealed({ changes, address, ...keyOf(address, addressKey) }) : {};
  return {
    id: rest.id ?? uuid(),
    action,
    actor_kind: by ? "user" : actor.kind,
    actor_id: by ?? (actor.kind === "user" ? actor.id : null),
    target_kind: target?.kind ?? null,
    target_id: target?.id ?? null,
    fields,
    details: rest.details ?? {},
    ...personal,
  };
}

/** Kept only where it is not what PostgreSQL makes of the address. */
const keyOf = (address: string | undefined, addressKey: string | undefined) =>
  addressKey === undefined || addressKey === address?.toLowerCase() ? {} : { addressKey };

/** The salt keeps a value from being guessed by its digest once it is erased. */
function sealed(content: Personal) {
  const salt = randomBytes(16);
  return { content, salt: salt.toString("hex"), digest: personalDigest(salt, content).toString("hex") };
}
