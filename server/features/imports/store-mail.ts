import type { Context } from "#server/context.ts";
import { failedStates, wasKept } from "../mail/store.ts";

/** Rows `r` that made somebody who is still there: whom undoing kept as well. */
const madeSomebody = "(r.outcome in ('created', 'invited') or r.outcome = 'kept' and r.existing_id is null)";

/** Rows `r` of people whose email is held; only those of one group's people where that is asked for. */
const held = `import_rows r
      where r.tenant_id = $1 and r.import_id = $2 and ${madeSomebody}
        and exists (select from messages m where m.tenant_id = $1 and m.user_id = r.user_id and m.state = 'held')
        and ($3::uuid is null or exists (select from memberships g
              where g.tenant_id = $1 and g.user_id = r.user_id and g.group_id = $3))`;

export const countHeld = async ({ tx, tenantId }: Context, importId: string, groupId: string | null) =>
  (await tx.row<{ held: number }>(`select count(*)::int as held from ${held}`, [tenantId, importId, groupId]))
    ?.held ?? 0;

/** So many at most, in order of their ids; those after `after`, which begins as `beforeAll`. */
export type Portion = { after: string; limit: number };
export const beforeAll = "00000000-0000-0000-0000-000000000000";

/** Whose email of an import is held. */
export async function heldRecipients(
  { tx, tenantId }: Context,
  { importId, groupId }: { importId: string; groupId: string | null },
  { after, limit }: Portion,
) {
  const rows = await tx.rows<{ user_id: string }>(
    `select r.user_id from ${held} and r.user_id > $4 order by r.user_id limit $5`,
    [tenantId, importId, groupId, after, limit],
  );
  return rows.map((row) => row.user_id);
}

/**
 * Who of an import's people was never reached: the latest email about their account was given up or, with `orKept`, kept for
 * want of a mail server, and none since has arrived or is on its way. Of another kind one that was given up says nothing:
 * whoever it was for may have been here for years.
 */
export const failedRecipients = (
  { tx, tenantId }: Context,
  { importId, orKept }: { importId: string; orKept: boolean },
  { after, limit }: Portion,
) =>
  tx.rows<{ user_id: string; status: string }>(
    `select u.id as user_id, u.status
       from import_rows r
       join users u on u.tenant_id = r.tenant_id and u.id = r.user_id and u.deleted_at is null
         and u.mail_failed_at is null
       join lateral (select m.state, m.kind, ${wasKept} as kept from messages m
                      where m.tenant_id = $1 and m.user_id = u.id
                        and (m.kind like 'user.%' or m.kind like 'invitation.%' or m.state not in ${failedStates})
                      order by m.created_at desc, m.id desc limit 1) last
         on last.state in ${failedStates}
         or $5 and last.kept and (last.kind like 'user.%' or last.kind like 'invitation.%')
            and (u.status = 'invited' or u.last_sign_in_at is null)
      where r.tenant_id = $1 and r.import_id = $2 and ${madeSomebody} and u.id > $3
      order by u.id limit $4`,
    [tenantId, importId, after, limit, orKept],
  );
