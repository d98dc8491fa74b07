import { createHash } from "node:crypto";
import { canonicalJson } from "#server/platform/crypto/canonical-json.ts";
import type { EventRow } from "../store.ts";

/** What the first link follows. */
export const beginning = Buffer.alloc(32);

/** SHA-256 of the hash before and the event: not a letter of either can be changed without changing every hash after it. */
export const linkHash = (before: Buffer, tenantId: string, event: EventRow): Buffer =>
  createHash("sha256").update(before).update(eventText(tenantId, event)).digest();

/** The number in front changes with this form: what was chained with an earlier one must still be found to fit. */
const eventText = (tenantId: string, event: EventRow) =>
  canonicalJson([
    1,
    tenantId,
    event.id,
    event.at,
    event.action,
    event.actor_kind,
    event.actor_id,
    event.target_kind,
    event.target_id,
    event.fields,
    event.details,
    event.ip,
    event.user_agent,
    event.personal_digest?.toString("hex") ?? null,
  ]);
