-- Schemas, the tenant of a transaction, and the one way a table is put under row-level security.
-- Runs as muster_owner, which may not bypass row-level security either.

create schema app;
create schema muster;
grant usage on schema app, muster to muster_app, muster_system;
-- muster_queue owns app.enqueue(), the only door from the application to the queue.
grant usage, create on schema app to muster_queue;

-- The tenant of a transaction is set here and nowhere else: plain set_config and session SET are not passed on to
-- the workers of a distributed PostgreSQL and silently give no rows. On plain PostgreSQL citus.* is a placeholder.
create function app.set_tenant(t uuid) returns void language plpgsql as $$
begin
  perform set_config('citus.propagate_set_commands', 'local', true);
  execute format('set local app.tenant_id = %L', t);
  perform set_config('citus.propagate_set_commands', 'none', true);
end $$;
revoke execute on function app.set_tenant(uuid) from public;
grant execute on function app.set_tenant(uuid) to muster_app, muster_system;

-- Puts a table that has a tenant_id under row-level security, for the owner too (force): the application's role sees
-- and writes only the rows of the transaction's tenant, the system role all. `rights` are the application's.
create function app.protect(target regclass, rights text default 'select, insert, update, delete') returns void
language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format(
    'create policy tenant_rows on %s to muster_app
       using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)
       with check (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', target);
  execute format('create policy system_rows on %s to muster_system using (true) with check (true)', target);
  execute format('grant %s on %s to muster_app', rights, target);
  execute format('grant select, insert, update, delete on %s to muster_system', target);
end $$;
revoke execute on function app.protect(regclass, text) from public;

-- Reference table: the one table whose key is the tenant itself.
create table muster.tenants (
  id uuid primary key,
  slug text collate "C" not null,
  name text not null,
  status text not null default 'active' check (status in ('active', 'suspended')),
  settings jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint tenants_slug_key unique (slug)
);
alter table muster.tenants enable row level security;
alter table muster.tenants force row level security;
create policy tenant_rows on muster.tenants to muster_app
  using (id = nullif(current_setting('app.tenant_id', true), '')::uuid)
  with check (id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy system_rows on muster.tenants to muster_system using (true) with check (true);
grant select, update on muster.tenants to muster_app;
grant select, insert, update, delete on muster.tenants to muster_system;

-- What happened, written in the transaction in which it happened. Ids and field names only: nothing here is personal,
-- so that erasing a person never touches it. Append-only: the application's role may neither change nor remove.
create table muster.audit_events (
  tenant_id uuid not null,
  id uuid not null,
  at timestamptz not null,
  action text not null,
  actor_kind text not null check (actor_kind in ('user', 'system', 'operator', 'anonymous')),
  actor_id uuid,
  target_kind text,
  target_id uuid,
  fields text[] not null default '{}',
  details jsonb not null default '{}',
  ip inet,
  primary key (tenant_id, id)
);
select app.protect('muster.audit_events', 'select, insert');
revoke update, delete on muster.audit_events from muster_system;

-- The one-time set-up link of an empty installation. Belongs to no tenant: only the system role sees it.
create table muster.setup_links (
  secret_hash bytea primary key,
  expires_at timestamptz not null,
  used_at timestamptz
);
grant select, insert, update, delete on muster.setup_links to muster_system;

-- Throttling counters, shared by all server processes (the layout rate-limiter-flexible expects).
create table muster.rate_limits (
  key text primary key,
  points integer not null default 0,
  expire bigint
);
grant select, insert, update, delete on muster.rate_limits to muster_system;
