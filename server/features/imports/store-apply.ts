import type { Context } from "#server/context.ts";
import type { MailTime } from "../mail/add-messages.ts";
import type { Incoming } from "../users/add-users.ts";
import type { IncomingChanges } from "../users/change-people.ts";
import type { ImportRecord } from "./store.ts";

type Position = { fileNo: number; rowNo: number };

/** The next rows of an import, from just after one position up to another. */
export type RowRange = {
  importId: string;
  from: Position;
  to: Position;
  going: readonly string[];
  ready: number;
  update: number;
  /** Its rows as they were planned, by outcome. */
  taken: { ready: number; unknown_group: number; update: number };
  /** Rows that were left out because a group has vanished. */
  vanished: number;
};

/** Outcomes of rows that make somebody: once the missing groups are made, those too that waited for them. */
const goingOn = ({ create_missing_groups }: ImportRecord) =>
  create_missing_groups ? ["ready", "unknown_group"] : ["ready"];

/** Conditions on `r` of a range; its values are `$2` to `$7`. */
const inRange = `r.tenant_id = $1 and r.import_id = $2
  and (r.file_no, r.row_no) > ($3, $4) and (r.file_no, r.row_no) <= ($5, $6)`;
const isChange = "r.outcome = 'update' and $7::text[] is not null";
const isNew = "r.outcome = any($7::text[]) and r.existing_id is null";

const valuesOf = ({ importId, from, to, going }: RowRange) => [
  importId,
  from.fileNo,
  from.rowNo,
  to.fileNo,
  to.rowNo,
  going,
];

type NextRows = { file_no: number; row_no: number; ready: number; waiting: number; update: number };

/** The next `most` rows after where applying stands; undefined at the end. */
export async function nextRange(
  { tx, tenantId }: Context,
  found: ImportRecord,
  most: number,
): Promise<RowRange | undefined> {
  const going = goingOn(found);
  const from = { fileNo: found.applied_file, rowNo: found.applied_row };
  const last = await tx.row<NextRows>(
    `select file_no, row_no, count(*) filter (where outcome = any($6::text[]) and existing_id is null) over ()::int as ready,
            count(*) filter (where outcome = 'unknown_group' and outcome = any($6::text[]) and existing_id is null)
              over ()::int as waiting,
            count(*) filter (where outcome = 'update') over ()::int as update
       from (select file_no, row_no, outcome, existing_id from import_rows
              where tenant_id = $1 and import_id = $2 and (file_no, row_no) > ($3, $4)
              order by file_no, row_no limit $5) next
      order by file_no desc, row_no desc limit 1`,
    [tenantId, found.id, from.fileNo, from.rowNo, most, going],
  );
  if (!last) return undefined;
  const to = { fileNo: last.file_no, rowNo: last.row_no };
  const { ready, waiting, update } = last;
  const taken = { ready: ready - waiting, unknown_group: waiting, update };
  return { importId: found.id, from, to, going, ready, update, taken, vanished: 0 };
}

/** The rows of a range that are ready, as `addUsers` takes people. */
export const incomingRows = (range: RowRange, groups: NamedGroups, mail: MailTime): Incoming => ({
  mail,
  people: {
    sql: `select r.user_id as id, r.email, r.email_key, r.first_name, r.last_name, r.name_key, r.given_key,
                 'member' as role, nullif(r.language, '') as language, r.suspended, null::text as password_hash,
                 r.sealed_password
            from import_rows r where ${inRange} and ${isNew}`,
    values: valuesOf(range),
  },
  memberships: {
    // Looked up in a value, not joined: a range is taken for one row, and whatever is joined to it is joined the wrong way.
    sql: `select r.user_id, (by_name->>key)::uuid as group_id
            from import_rows r
            cross join unnest(r.group_keys) as key
            cross join (select $8::jsonb as by_name) named
           where ${inRange} and ${isNew} and by_name ? key`,
    values: [...valuesOf(range), JSON.stringify(Object.fromEntries(groups))],
  },
});

/** The rows of a range that change somebody, as `changePeople` takes them. */
export const changingRows = (range: RowRange): Omit<IncomingChanges, "roles"> => ({
  people: {
    sql: `select r.existing_id as id, (r.plan->>'version')::int as version, r.first_name, r.last_name, r.name_key, r.given_key,
                 r.plan ? 'firstName' or r.plan ? 'lastName' as renamed,
                 nullif(r.language, '') as language, r.plan ? 'language' as respoken
            from import_rows r where ${inRange} and ${isChange}`,
    values: valuesOf(range),
  },
  added: changedGroups(range, "add"),
  removed: changedGroups(range, "remove"),
});

const changedGroups = (range: RowRange, which: "add" | "remove") => ({
  sql: `select r.existing_id as user_id, g::uuid as group_id
          from import_rows r cross join jsonb_array_elements_text(r.plan->'${which}') g
         where ${inRange} and ${isChange} and r.plan ? '${which}'`,
  values: valuesOf(range),
});

/** The ids of the groups that an import's rows name, by name. */
export type NamedGroups = ReadonlyMap<string, string>;

export async function namedGroups({ tx, tenantId }: Context, importId: string): Promise<NamedGroups> {
  const rows = await tx.rows<{ name_key: string; group_id: string }>(
    "select name_key, group_id from import_groups where tenant_id = $1 and import_id = $2 and group_id is not null",
    [tenantId, importId],
  );
  return new Map(rows.map((row) => [row.name_key, row.group_id]));
}

/** Rows that name a group which was deleted while the import runs are left out. */
export async function refuseVanishedGroups(
  { tx, tenantId }: Context,
  range: RowRange,
  groupIds: readonly string[],
) {
  const rows = await tx.rows<{ existing_id: string | null }>(
    `update import_rows r set outcome = 'conflict'
      where ${inRange} and (${isNew} or r.outcome = 'update')
        and exists (select from unnest(r.group_keys) as key
                      join import_groups i on i.tenant_id = $1 and i.import_id = $2 and i.name_key = key
                     where i.group_id = any($8::uuid[]))
      returning existing_id`,
    [tenantId, ...valuesOf(range), groupIds],
  );
  const changes = rows.filter((row) => row.existing_id !== null).length;
  range.update -= changes;
  range.ready -= rows.length - changes;
  range.vanished += rows.length;
}

/** Writes what became of the ready rows of a range, `left` of which made nobody. Their passwords have been handed on. */
export const settleRows = ({ tx, tenantId }: Context, range: RowRange, left: readonly string[]) =>
  tx.run(
    `update import_rows r
        set sealed_password = null,
            outcome = case when r.user_id = any($8::uuid[]) then 'skipped'
                           when r.suspended then 'suspended'
                           when r.sealed_password is null then 'invited'
                           else 'created' end
      where ${inRange} and ${isNew}`,
    [tenantId, ...valuesOf(range), left],
  );

/** Writes which of the rows that change somebody did; who had changed meanwhile was left alone. */
export const settleChanges = ({ tx, tenantId }: Context, range: RowRange, changed: readonly string[]) =>
  tx.run(
    `update import_rows r set outcome = case when r.existing_id = any($8::uuid[]) then 'updated' else 'conflict' end
      where ${inRange} and ${isChange}`,
    [tenantId, ...valuesOf(range), changed],
  );
