import { z } from "zod";
import type { Context } from "#server/context.ts";
import { readCursor, writeCursor } from "#server/platform/http/cursor.ts";
import type { AuditEvent, listAudit as contract } from "./contract.ts";
import type { Changes } from "./personal.ts";
import { type EventFilter, type EventPlace, type ListedEvent, listEvents } from "./store.ts";
import { listEventsAbout } from "./store-about.ts";

const keys = z.tuple([z.iso.datetime({ precision: 6 }), z.uuid()]);

/** One page of events, the newest first. */
export async function listAudit(ctx: Context, { cursor, limit, ...filter }: z.output<typeof contract.query>) {
  const { items, next } = await pageOfEvents(ctx, await withBesides(ctx, filter), {
    limit,
    after: cursor === undefined ? undefined : readCursor(cursor, keys),
  });
  return { items, nextCursor: next ? writeCursor(...next) : null };
}

/** Whoever asks about a person is told too of what was done to many at once, them among others. */
export async function withBesides(ctx: Context, filter: EventFilter): Promise<EventFilter> {
  return filter.target ? { ...filter, besides: await listEventsAbout(ctx, filter.target) } : filter;
}

type Page = { limit: number; after?: EventPlace | undefined };

export async function pageOfEvents(ctx: Context, filter: EventFilter, page: Page) {
  const found = await listEvents(ctx, filter, page);
  const rows = found.slice(0, page.limit);
  const last = found.length > page.limit ? rows.at(-1) : undefined;
  return { items: rows.map(presentEvent), next: last ? ([last.at, last.id] as const) : undefined };
}

const presentEvent = (row: ListedEvent): AuditEvent => ({
  id: row.id,
  at: row.at,
  action: row.action,
  actor: { kind: row.actor_kind as AuditEvent["actor"]["kind"], id: row.actor_id, name: row.actor_name },
  target:
    row.target_kind && row.target_id
      ? { kind: row.target_kind, id: row.target_id, name: row.target_name }
      : null,
  ip: row.ip,
  userAgent: row.user_agent,
  fields: row.fields,
  changes: inOrder(row.content?.changes ?? {}, row.fields),
  address: row.content?.address ?? null,
  details: row.details as AuditEvent["details"],
  erased: row.personal_digest !== null && row.content === null,
  position: row.position === null ? null : Number(row.position),
});

/** As they were recorded; the database keeps them in an order of its own. */
const inOrder = (changes: Changes, fields: readonly string[]) =>
  Object.fromEntries(
    fields.flatMap((name) => {
      const change = changes[name];
      return change ? [[name, { before: change.before, after: change.after }]] : [];
    }),
  ) as AuditEvent["changes"];
