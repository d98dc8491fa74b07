-- "Class 7A" comes before "Class 10A": what groups are ordered by has how many digits a number has before the number.
create function app.natural_order(name text) returns text
language sql immutable strict parallel safe set search_path = pg_catalog as $$
  select coalesce(string_agg(
           coalesce(lpad(length(ltrim(part[1], '0'))::text, 3, '0') || ltrim(part[1], '0'), part[2]), '' order by place), '')
    from regexp_matches(name collate "C", '([0-9]+)|([^0-9]+)', 'g') with ordinality as found(part, place)
$$;
revoke execute on function app.natural_order(text) from public;
grant execute on function app.natural_order(text) to muster_app, muster_system;

alter table muster.groups
  add column order_key text collate "C" not null generated always as (app.natural_order(name_key)) stored;
create index groups_by_order on muster.groups (tenant_id, order_key, id);
