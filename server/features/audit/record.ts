import { v7 as uuid } from "uuid";
import type { Context } from "#server/context.ts";

export type AuditEvent = {
  /** Past tense: `user.created`. */
  action: string;
  target?: { kind: "user" | "group" | "import" | "tenant" | "message"; id: string };
  /** Names of what changed; never the values, which may be personal. */
  fields?: readonly string[];
  /** Numbers and ids; nothing personal, nothing secret. */
  details?: Record<string, string | number | boolean>;
};

/** Writes what happened, in the transaction in which it happened. */
export async function record(ctx: Context, event: AuditEvent): Promise<void> {
  await recordAll(ctx, [event]);
}

/** Many events of one action at once. */
export async function recordAll(ctx: Context, events: readonly AuditEvent[]): Promise<void> {
  const { actor } = ctx;
  await ctx.tx.run(
    `insert into audit_events (tenant_id, id, at, actor_kind, actor_id, ip, action, target_kind, target_id, fields, details)
     select $1, e.id, $2, $3, $4, $5, e.action, e.target_kind, e.target_id,
            array(select jsonb_array_elements_text(e.fields)), e.details
       from jsonb_to_recordset($6::jsonb)
         as e(id uuid, action text, target_kind text, target_id uuid, fields jsonb, details jsonb)`,
    [
      ctx.tenantId,
      ctx.now,
      actor.kind,
      actor.kind === "user" ? actor.id : null,
      "ip" in actor ? (actor.ip ?? null) : null,
      JSON.stringify(
        events.map((event) => ({
          id: uuid(),
          action: event.action,
          target_kind: event.target?.kind ?? null,
          target_id: event.target?.id ?? null,
          fields: event.fields ?? [],
          details: event.details ?? {},
        })),
      ),
    ],
  );
}
