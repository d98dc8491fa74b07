-- The list of users at a million people: sorted by any column, filtered, counted and searched
-- (docs/decisions/012-searched-beside-the-users.md). What is added to the users themselves grows at its end while an import
-- runs; whatever costs more is kept beside them and filled behind.

create index users_created on muster.users (tenant_id, created_at, id) include (status) where deleted_at is null;
create index users_signed_in on muster.users (tenant_id, last_sign_in_at nulls first, id) where deleted_at is null;
create index users_status on muster.users (tenant_id, status, id) where deleted_at is null;
create index links_open_invitations on muster.links (tenant_id, expires_at, user_id)
  where purpose = 'invitation' and used_at is null and revoked_at is null;
create index messages_failed on muster.messages (tenant_id, user_id) where state = 'failed';

-- How many users there are, as changes to add up: whoever adds or changes users adds a row and waits for nobody. Rows are
-- folded together behind them.
create table muster.user_counts (
  tenant_id uuid not null,
  id uuid not null,
  status text not null,
  role text not null,
  signed_in boolean not null,           -- at least once
  people integer not null,
  primary key (tenant_id, id, status, role, signed_in)
);
select app.protect('muster.user_counts', 'select, insert, delete');

-- Names and addresses as they are searched for parts, written by a job a moment after the users.
create table muster.user_search (
  tenant_id uuid not null,
  user_id uuid not null,
  words text collate "C" not null,      -- first name, last name and address, folded
  primary key (tenant_id, user_id)
);
select app.protect('muster.user_search');

-- Users whose row there is missing or outdated; a thousand that were added together are one row.
create table muster.user_search_due (
  tenant_id uuid not null,
  id uuid not null,
  user_ids uuid[] not null,
  primary key (tenant_id, id)
);
select app.protect('muster.user_search_due');

create extension if not exists pg_trgm with schema app;
-- Without the tenant: as a second key it makes a search ten times as slow. One that was there already may be in another schema.
set local search_path = app, public;
create index user_search_words on muster.user_search using gin (words gin_trgm_ops);
reset search_path;

-- Which users of the transaction's tenant have all of these patterns in them, at most so many. Row-level security lets no
-- index serve LIKE: this function reads as the owner, who sees this one table, and takes the tenant from the transaction.
-- LIKE ALL uses no index either: the first three patterns do.
create policy search_rows on muster.user_search for select to muster_owner using (true);
create function app.search_users(patterns text[], at_most integer) returns setof uuid
language sql stable security definer set search_path = pg_catalog as $$
  select user_id from muster.user_search
   where tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
     and words like patterns[1] and words like coalesce(patterns[2], patterns[1])
     and words like coalesce(patterns[3], patterns[1]) and words like all (patterns)
   limit at_most
$$;
revoke execute on function app.search_users(text[], integer) from public;
grant execute on function app.search_users(text[], integer) to muster_app;

-- The users there are. The owner sees rows only while row-level security is not forced on it.
alter table muster.users no force row level security;
alter table muster.user_counts no force row level security;
alter table muster.user_search_due no force row level security;
insert into muster.user_counts (tenant_id, id, status, role, signed_in, people)
  select tenant_id, tenant_id, status, role, last_sign_in_at is not null, count(*)
    from muster.users where deleted_at is null group by 1, 3, 4, 5;
insert into muster.user_search_due (tenant_id, id, user_ids)
  select tenant_id, gen_random_uuid(), array_agg(id)
    from (select tenant_id, id, row_number() over (partition by tenant_id order by id) / 5000 as part
            from muster.users where deleted_at is null) u group by tenant_id, part;
alter table muster.users force row level security;
alter table muster.user_counts force row level security;
alter table muster.user_search_due force row level security;
