import type { Door } from "#server/context.ts";
import { byteOrderMark, csvLine } from "#server/platform/http/to-csv.ts";
import type { AuditEvent } from "./contract.ts";
import { pageOfEvents, withBesides } from "./list-audit.ts";
import { record } from "./record.ts";
import type { EventFilter, EventPlace } from "./store.ts";

const pageRows = 2000;

export type ExportFormat = "csv" | "json";

/**
 * All events that match, as text, page by page. That they were exported, and by which filters, is recorded first, and is the
 * newest event of the file where they match it.
 */
export async function exportAudit(door: Door, filter: EventFilter, format: ExportFormat) {
  const meant = await door.run(async (ctx) => {
    // What the database cannot compare with is refused here: a file that has begun can only break off.
    await pageOfEvents(ctx, filter, { limit: 1 });
    await record(ctx, {
      action: "audit.exported",
      target: { kind: "tenant", id: ctx.tenantId },
      details: { format, ...given(filter) },
    });
    return withBesides(ctx, filter);
  });
  return format === "csv" ? csvOf(pages(door, meant)) : jsonOf(pages(door, meant));
}

const given = (filter: EventFilter) =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;

async function* pages(door: Door, filter: EventFilter): AsyncGenerator<AuditEvent[]> {
  let after: EventPlace | undefined;
  do {
    const { items, next } = await door.run((ctx) => pageOfEvents(ctx, filter, { limit: pageRows, after }));
    yield items;
    after = next;
  } while (after);
}

/** One event a line, so that a file of a million can be read line by line too. */
async function* jsonOf(found: AsyncGenerator<AuditEvent[]>): AsyncGenerator<string> {
  let between = "[\n";
  for await (const events of found) {
    if (events.length > 0) yield between + events.map((event) => JSON.stringify(event)).join(",\n");
    if (events.length > 0) between = ",\n";
  }
  yield between === "[\n" ? "[]\n" : "\n]\n";
}

const headers = [
  ...["When", "Who", "Who (id)", "What", "Whom", "Whom (id)", "From where", "Browser"],
  ...["Fields", "Before and after", "Details", "Event", "Position"],
];

async function* csvOf(found: AsyncGenerator<AuditEvent[]>): AsyncGenerator<string> {
  yield byteOrderMark + csvLine(headers);
  for await (const events of found) yield events.map((event) => csvLine(cellsOf(event))).join("");
}

const cellsOf = (event: AuditEvent) => [
  event.at,
  event.actor.name ?? event.actor.kind,
  event.actor.id ?? "",
  event.action,
  event.target?.name ?? event.address ?? event.target?.kind ?? "",
  event.target?.id ?? "",
  event.ip ?? "",
  event.userAgent ?? "",
  event.fields.join(" "),
  event.erased ? "(erased)" : filled(event.changes),
  filled(event.details),
  event.id,
  event.position === null ? "" : String(event.position),
];

const filled = (members: object) => (Object.keys(members).length > 0 ? JSON.stringify(members) : "");
