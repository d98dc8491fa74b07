-- A search that finds many answers its first page by name without looking at the others: what people are ordered by stands
-- beside what they are searched by.
alter table muster.user_search add column name_key text collate "C";
alter table muster.users no force row level security;
alter table muster.user_search no force row level security;
update muster.user_search s set name_key = u.name_key from muster.users u where u.tenant_id = s.tenant_id and u.id = s.user_id;
delete from muster.user_search where name_key is null;
alter table muster.users force row level security;
alter table muster.user_search force row level security;
alter table muster.user_search alter column name_key set not null;

-- The first two patterns are looked up in the index, each once (LIKE ALL uses none). The plan is made for the patterns each time:
-- where nearly everybody has them, reading all is faster.
create or replace function app.search_users(patterns text[], at_most integer) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog set plan_cache_mode = force_custom_plan as $$
begin
  return query select user_id from muster.user_search
    where tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
      and words like patterns[1] and words like coalesce(patterns[2], '%') and words like all (patterns[3:])
    limit at_most;
end $$;

-- Of these the first by name that come after one of them; or, backwards, the last before it. Null: from the end.
create function app.search_users_by_name(patterns text[], backwards boolean, from_key text, from_id uuid, at_most integer)
returns table (user_id uuid, name_key text)
language plpgsql stable security definer set search_path = pg_catalog set plan_cache_mode = force_custom_plan as $$
begin
  return query select s.user_id, s.name_key from muster.user_search s
    where s.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
      and s.words like patterns[1] and s.words like coalesce(patterns[2], '%') and s.words like all (patterns[3:])
      and (from_id is null or case when backwards then (s.name_key, s.user_id) < (from_key, from_id)
                                   else (s.name_key, s.user_id) > (from_key, from_id) end)
    order by case when not backwards then s.name_key end, case when not backwards then s.user_id end,
             s.name_key desc, s.user_id desc
    limit at_most;
end $$;
revoke execute on function app.search_users_by_name(text[], boolean, text, uuid, integer) from public;
grant execute on function app.search_users_by_name(text[], boolean, text, uuid, integer) to muster_app;
