import type pg from "pg";

/** What each line of a schema's description is read from; the same text on PostgreSQL 15 to 18. */
const parts: Record<string, string> = {
  table: `select format('table %s.%s (row security: %s, forced: %s)%s', n.nspname, c.relname, c.relrowsecurity, c.relforcerowsecurity,
                 case when c.reloptions is null then '' else format(' with (%s)', array_to_string(c.reloptions, ', ')) end)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = any($1) and c.relkind in ('r', 'p')`,
  column: `select format('column %s.%s %s %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                  case when a.attnotnull then 'not null' else 'null' end,
                  case when a.attcollation <> 0 and co.collname <> 'default' then ' collate ' || co.collname else '' end,
                  coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), ''))
             from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
             left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
             left join pg_collation co on co.oid = a.attcollation
            where n.nspname = any($1) and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped`,
  constraint: `select format('constraint %s.%s %s', c.relname, k.conname, pg_get_constraintdef(k.oid))
                 from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = any($1) and k.contype <> 'n'`,
  index: `select indexdef from pg_indexes where schemaname = any($1)`,
  policy: `select format('policy %s.%s%s to %s using %s check %s', tablename, policyname,
                  case when permissive = 'RESTRICTIVE' then ' (restrictive, ' || cmd || ')' else '' end, roles, qual, with_check)
             from pg_policies where schemaname = any($1)`,
  grant: `select format('grant %s on %s to %s', string_agg(privilege_type, ', ' order by privilege_type), table_name, grantee)
            from information_schema.role_table_grants
           where table_schema = any($1) and grantee like 'muster\\_%' and grantee <> 'muster_owner'
           group by table_name, grantee`,
  columnGrant: `select format('grant on %s (%s): %s', c.relname, a.attname, a.attacl::text)
                  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
                 where n.nspname = any($1) and a.attacl is not null`,
  function: `select format('function %s.%s(%s) returns %s, security definer: %s, owner: %s, may execute: %s', n.nspname, p.proname,
                    pg_get_function_identity_arguments(p.oid), pg_get_function_result(p.oid), p.prosecdef,
                    pg_get_userbyid(p.proowner), coalesce(p.proacl::text, 'everybody'))
               from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = any($1)`,
};

/** The schema as text, in an order that never changes: every change of it is a visible difference. */
export async function describeSchema(client: Pick<pg.Client, "query">): Promise<string> {
  const sections: string[] = [];
  for (const sql of Object.values(parts)) {
    const { rows } = await client.query({ text: sql, values: [["muster", "app"]], rowMode: "array" });
    sections.push(
      rows
        .map(([line]) => String(line).replace(/\s+/g, " "))
        .sort()
        .join("\n"),
    );
  }
  return `${sections.join("\n\n")}\n`;
}
