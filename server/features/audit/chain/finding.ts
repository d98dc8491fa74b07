/** What verification found wrong, for scripts by kind and for people in words. */
export type Finding = {
  kind:
    | "changed"
    | "values_changed"
    | "values_removed"
    | "removed"
    | "swapped"
    | "link_changed"
    | "beginning_missing"
    | "not_chained"
    | "tail_cut"
    | "unsigned"
    | "rewritten"
    | "signature_wrong";
  position: number | null;
  eventId: string | null;
  at: string | null;
  message: string;
};

type Where = { position?: number; eventId?: string | undefined; at?: string | null | undefined };

/** Position, event and time stand in front of the words, so that every finding can be looked up. */
export function finding(kind: Finding["kind"], { position, eventId, at }: Where, words: string): Finding {
  const where = [
    position === undefined ? "" : `position ${position}`,
    eventId ? `event ${eventId}` : "",
    at ? `of ${at}` : "",
  ].filter(Boolean);
  const message = where.length > 0 ? `At ${where.join(", ")}: ${words}` : words;
  return { kind, position: position ?? null, eventId: eventId ?? null, at: at ?? null, message };
}
