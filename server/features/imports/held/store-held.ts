import type { Context } from "#server/context.ts";
import type { HeldPerson } from "../../users/held-data/held-data.ts";

/** In which nothing is read, planned or carried out any more. */
export const over = "('finished', 'cancelled', 'failed', 'undo_stopped', 'undone')";

/** Is a row `r` about somebody who is there, whose address it may have been before it was another's? */
const isOfUser = (whom = "true") => `exists (
  select from users u where u.tenant_id = $1 and u.id = coalesce(r.existing_id, r.user_id) and ${whom})`;

/**
 * `about`: the rows (`import_id`, `file_no`, `row_no`) of people (`$2` ids) and, where nobody else has their address now,
 * of their addresses (`$3`, of whom `$4`), unless somebody else's, with whose they are.
 */
const about = `
  spoken as materialized (
    select a.email_key, a.user_id from unnest($3::text[], $4::uuid[]) a(email_key, user_id)
     where not exists (select from users u where u.tenant_id = $1 and u.email_key = a.email_key and u.id <> all($2))),
  about as materialized (
    select import_id, file_no, row_no, user_id as of from import_rows
     where tenant_id = $1 and user_id = any($2)
     union
    select import_id, file_no, row_no, existing_id from import_rows
     where tenant_id = $1 and existing_id = any($2)
     union
    select r.import_id, r.file_no, r.row_no, s.user_id from import_rows r join spoken s on s.email_key = r.email_key
     where r.tenant_id = $1 and not ${isOfUser("u.id <> all($2)")})`;

const valuesOf = ({ tenantId }: Context, people: readonly HeldPerson[]) => {
  const addresses = people.flatMap(({ id, addresses: keys }) => keys.map((key) => [key, id] as const));
  return [tenantId, people.map(({ id }) => id), addresses.map(([key]) => key), addresses.map(([, id]) => id)];
};

/** Who of them stands in a file whose import is not over. */
export async function whoIsInOpenImport(ctx: Context, people: readonly HeldPerson[]): Promise<string[]> {
  const rows = await ctx.tx.rows<{ of: string }>(
    `with ${about}
     select distinct a.of from about a
       join imports i on i.tenant_id = $1 and i.id = a.import_id and i.state not in ${over}`,
    valuesOf(ctx, people),
  );
  return rows.map((row) => row.of);
}

/** Nothing that a row `r` says stays but why; its place, its outcome and its user's id do. */
export const blankBecause = (
  why: "erased" | "forgotten",
) => `email = '', email_key = '', first_name = '', last_name = '', name_key = '', given_key = '', group_keys = '{}',
  sealed_password = null, problems = null, notes = null, group_cell = null, language = null, plan = '{"${why}": true}'`;
const blank = blankBecause("erased");

/**
 * Makes their rows blank and says so in each. The outcomes stay: an import's counts are made of them. A blank row has no
 * address, so that it is nobody's.
 */
export async function blankRows(ctx: Context, people: readonly HeldPerson[]) {
  const values = valuesOf(ctx, people);
  await ctx.tx.run(
    `with ${about}
     delete from import_edits e using about a
      where e.tenant_id = $1 and e.import_id = a.import_id and e.file_no = a.file_no and e.row_no = a.row_no`,
    values,
  );
  await ctx.tx.run(
    `with ${about}
     update import_rows r
        set ${blank}
       from about a
      where r.tenant_id = $1 and r.import_id = a.import_id and r.file_no = a.file_no and r.row_no = a.row_no`,
    values,
  );
  await ctx.tx.run(
    "delete from import_leavers where tenant_id = $1 and user_id = any($2)",
    values.slice(0, 2),
  );
}

/**
 * Makes blank what files say of whoever undoing this import has erased: its own rows, and by their addresses those of imports
 * that are over, unless the address is somebody's again or the row is about somebody who had it before. An import that is not over goes on with what its file says. All at
 * once, since there is no index on addresses: what is joined is joined as a whole.
 */
export async function blankUndone({ tx, tenantId }: Context, importId: string) {
  const values = [tenantId, importId];
  const gone = `
    gone as materialized (
      select file_no, row_no, user_id, email_key from import_rows
       where tenant_id = $1 and import_id = $2 and outcome = 'undone' and existing_id is null)`;
  await tx.run("set local enable_nestloop = off");
  await tx.run(
    `with ${gone},
       closed as materialized (
         select id from imports where tenant_id = $1 and (id = $2 or state in ${over})),
       addresses as materialized (
         select distinct email_key from gone g where email_key <> ''
            and not exists (select from users u where u.tenant_id = $1 and u.email_key = g.email_key)),
       about as materialized (
         select $2::uuid as import_id, file_no, row_no from gone
          union
         select r.import_id, r.file_no, r.row_no from import_rows r join closed c on c.id = r.import_id
           join gone g on g.user_id = r.existing_id where r.tenant_id = $1
          union
         select r.import_id, r.file_no, r.row_no from import_rows r join closed c on c.id = r.import_id
           join addresses a on a.email_key = r.email_key where r.tenant_id = $1 and not ${isOfUser()})
     update import_rows r set ${blank} from about a
      where r.tenant_id = $1 and r.import_id = a.import_id and r.file_no = a.file_no and r.row_no = a.row_no`,
    values,
  );
  await tx.run(
    `with ${gone} delete from import_leavers l using gone g where l.tenant_id = $1 and l.user_id = g.user_id`,
    values,
  );
  await tx.run("set local enable_nestloop = on");
}

/** What files say of one person: in which file and row, and what became of it. */
export const rowsAbout = (ctx: Context, person: HeldPerson) =>
  ctx.tx.rows(
    `with ${about}
     select f.name as file, r.row_no as row, i.created_at as "uploadedAt", r.outcome, r.email, r.first_name as "firstName",
            r.last_name as "lastName", r.language, r.suspended,
            array(select coalesce(g.name, k) from unnest(r.group_keys) k
                    left join import_groups g on g.tenant_id = $1 and g.import_id = r.import_id and g.name_key = k) as groups
       from about a
       join import_rows r on r.tenant_id = $1 and r.import_id = a.import_id and r.file_no = a.file_no and r.row_no = a.row_no
       join import_files f on f.tenant_id = $1 and f.import_id = r.import_id and f.file_no = r.file_no
       join imports i on i.tenant_id = $1 and i.id = r.import_id
      order by i.created_at, r.file_no, r.row_no`,
    valuesOf(ctx, [person]),
  );

/** Which imports of a source somebody was missing from, and whether they are suspended for it. */
export const leavingOf = ({ tx, tenantId }: Context, { id }: HeldPerson) =>
  tx.rows(
    `select i.source, i.created_at as "uploadedAt", l.ticked as chosen, l.suspend_at as "suspendAt", l.suspended_at as "suspendedAt"
       from import_leavers l join imports i on i.tenant_id = $1 and i.id = l.import_id
      where l.tenant_id = $1 and l.user_id = $2 order by i.created_at, i.id`,
    [tenantId, id],
  );
