import type { Context } from "#server/context.ts";

type Where = Pick<Context, "tx" | "tenantId">;

export type LetterChange = { part: string; was: Record<string, unknown> };

/** Of a tenant this transaction has locked: two changes at once would take the same number. */
export const insertLetterChange = (
  { tx, tenantId }: Where,
  { part, was, fromAt }: LetterChange & { fromAt: Date },
) =>
  tx.run(
    `insert into letter_changes (tenant_id, no, from_at, part, was)
     select $1, coalesce(max(no), 0) + 1, $2, $3, $4 from letter_changes where tenant_id = $1`,
    [tenantId, fromAt, part, JSON.stringify(was)],
  );

/** What each part was in an edition, of those that have been changed since. */
export const listChangesAfter = ({ tx, tenantId }: Where, edition: number) =>
  tx.rows<LetterChange>(
    `select distinct on (part) part, was from letter_changes
      where tenant_id = $1 and no > $2 order by part, no`,
    [tenantId, edition],
  );

/** In SQL: the edition of what was finished at a moment. */
export const editionAt = (moment: string) =>
  `coalesce((select max(c.no) from letter_changes c where c.tenant_id = $1 and c.from_at <= ${moment}), 0)`;
