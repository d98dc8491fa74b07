const onsets = "b d f g h k l m n p r s t v w z br st sch kr".split(" ");
const rimes = "a e i o u an er in ol us ei au".split(" ");
const firstEnds = ["na", "lia", "ro", "s", "k", "mi", "dette"];
const lastEnds = ["n", "ga", "ter", "mann", "s", "ski", "ley", "dal"];

/** Picks by a hash, in SQL: the same person has the same name in every run. */
const pick = (from: readonly string[], salt: string) =>
  `(array['${from.join("','")}'])[1 + abs(hashtext('${salt}' || n)) % ${from.length}]`;
const first = `initcap(${pick(onsets, "a")} || ${pick(rimes, "b")} || ${pick(firstEnds, "c")})`;
const last = `initcap(${pick(onsets, "d")} || ${pick(rimes, "e")} || ${pick(onsets, "f")} || ${pick(rimes, "g")} || ${pick(lastEnds, "h")})`;

/** One connection to the database, as the superuser. */
type Client = { query(text: string, values?: unknown[]): Promise<unknown> };

/**
 * Puts `rows` made-up people into a tenant by set-based SQL, as the superuser, with what a grown tenant has: forty groups,
 * people who signed in and who never did, some with a second factor, invitations that ran out, emails that failed, an import that made a tenth of them.
 */
export async function addManyPeople(client: Client, tenantId: string, rows: number) {
  await client.query(
    `create temporary table made on commit drop as
     select n, h, g, uuidv7((n - $1) * interval '1 second') as id, ${first} as first_name, ${last} as last_name,
            now() - ($1 - n) * interval '60 seconds' as created_at,
            case when n % 100 < 86 then 'active' when n % 100 < 97 then 'invited' else 'suspended' end as status
       from (select n, abs(hashtext('person ' || n)) as h, abs(hashtext('group ' || n)) as g from generate_series(1, $1::int) n) p`,
    [rows],
  );
  await client.query("analyze made");
  for (const sql of statements) await client.query(sql, sql.includes("$1") ? [tenantId] : []);
}

const statements = [
  `insert into groups (tenant_id, id, name, name_key, created_at, updated_at)
   select $1, uuidv7(), 'Group ' || g, 'group ' || g, now(), now() from generate_series(1, 40) g`,
  `insert into users (tenant_id, id, email, email_key, first_name, last_name, name_key, given_key, role, status,
                      created_at, updated_at, last_sign_in_at, has_factor)
   select $1, id, lower(first_name || '.' || last_name || n) || '@example.org', lower(first_name || '.' || last_name || n) || '@example.org',
          first_name, last_name, lower(last_name || ' ' || first_name), lower(first_name || ' ' || last_name),
          case when n % 20000 = 0 then 'administrator' else 'member' end, status, created_at, created_at,
          case when status = 'active' and n % 10 < 9 then now() - (h % 20000000) * interval '1 second' end,
          status = 'active' and n % 10 < 3
     from made`,
  `insert into user_counts (tenant_id, id, status, role, signed_in, has_factor, people)
   select $1::uuid, $1::uuid, status, role, last_sign_in_at is not null, has_factor, count(*)
     from users where tenant_id = $1 group by 3, 4, 5, 6`,
  `insert into user_search (tenant_id, user_id, name_key, words) select $1, id, name_key, given_key || ' ' || email_key from users where tenant_id = $1
   on conflict do nothing`,
  `insert into memberships (tenant_id, user_id, group_id)
   select distinct $1::uuid, m.id, g.id
     from made m cross join lateral (values (m.g % 40), (case when m.n % 2 = 0 then (m.g / 40) % 40 end)) k(k)
     join groups g on g.tenant_id = $1 and g.name = 'Group ' || (k.k + 1)`,
  `insert into member_counts (tenant_id, group_id, id, members)
   select $1, group_id, group_id, count(*) from memberships where tenant_id = $1 group by 2, 3`,
  `insert into links (tenant_id, user_id, purpose, made_at, expires_at, used_at)
   select $1, id, 'invitation', created_at,
          case when n % 200 < 95 then now() - interval '1 day' else now() + interval '5 days' end,
          case when status = 'active' then created_at end
     from made where status = 'invited' or n % 3 = 0`,
  `insert into messages (tenant_id, id, user_id, kind, state, due_at, created_at, finished_at, last_reply)
   select $1, id, id, 'user.invited', case when h % 500 = 0 then 'refused' else 'accepted' end, created_at, created_at, created_at,
          case when h % 500 = 0 then '550 No such mailbox' else '250 OK' end from made`,
  `insert into imports (tenant_id, id, state, created_at, updated_at, finished_at, wiped)
   values ($1, $1, 'finished', now(), now(), now(), true)`,
  `insert into import_rows (tenant_id, import_id, file_no, row_no, user_id, email, email_key, first_name, last_name,
                            name_key, given_key, outcome)
   select $1, $1, 1, n, id, '', '', '', '', '', '', 'invited' from made where n % 10 = 0`,
];
