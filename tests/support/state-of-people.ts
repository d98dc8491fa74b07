import type { TestDatabase } from "./database.ts";

export type PersonState = { email_key: string } & Record<string, unknown>;

/** Everybody of a tenant but the owner, each with everything an import makes of a person; without ids and times. */
export const peopleStates = (database: TestDatabase, tenantId: string) =>
  database.query<PersonState>(
    `select u.email_key, u.first_name, u.last_name, u.name_key, u.given_key, u.role, u.status, u.language,
            array(select g.name from memberships m join groups g on g.tenant_id = m.tenant_id and g.id = m.group_id
                   where m.tenant_id = u.tenant_id and m.user_id = u.id order by 1) as groups,
            array(select concat_ws(' ', l.purpose, l.generation, l.used_at is not null, l.revoked_at is not null)
                    from links l where l.tenant_id = u.tenant_id and l.user_id = u.id order by 1) as links,
            array(select concat_ws(' ', c.password_hash is not null, c.sealed_password is not null, c.temporary)
                    from credentials c where c.tenant_id = u.tenant_id and c.user_id = u.id) as credentials,
            array(select concat_ws(' ', m.kind, m.state, m.due_at = 'infinity')
                    from messages m where m.tenant_id = u.tenant_id and m.user_id = u.id order by 1) as messages
       from users u where u.tenant_id = $1 and u.role <> 'owner' and u.deleted_at is null order by 1`,
    [tenantId],
  );

/** What belongs to nobody: there must be none of it. As sets: of tables that were filled a moment ago PostgreSQL knows no numbers. */
export const orphans = (database: TestDatabase, tenantId: string) => {
  const of = (table: string, more = "") =>
    `(select '${table}' as what, user_id from ${table} where tenant_id = $1 ${more}
        except select '${table}', id from users where tenant_id = $1)`;
  const unsent = "and state in ('held', 'queued', 'deferred')";
  return database.query(
    [of("memberships"), of("links"), of("credentials"), of("messages", unsent)].join(" union all "),
    [tenantId],
  );
};
