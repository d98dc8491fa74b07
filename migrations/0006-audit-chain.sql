-- The audit log complete: from where, what was before and after, a chain that shows tampering, and removal by whole months.

alter table muster.audit_events
  alter column action type text collate "C",
  add column user_agent text,
  add column personal_digest bytea;               -- SHA-256 of salt and content in audit_personal, also once that is erased
create index audit_events_newest on muster.audit_events (tenant_id, at, id);
create index audit_events_actor on muster.audit_events (tenant_id, actor_id, at, id) where actor_id is not null;
create index audit_events_target on muster.audit_events (tenant_id, target_id, at, id) where target_id is not null;
create index audit_events_ip on muster.audit_events (tenant_id, ip, at, id) where ip is not null;
create index audit_events_action on muster.audit_events (tenant_id, action, at, id);

-- Whole months that are over may be removed by the system role, never anything of the current one, never by the application's.
grant delete on muster.audit_events to muster_system;
create policy closed_months on muster.audit_events as restrictive for delete to muster_system
  using (at < date_trunc('month', now(), 'UTC'));

-- What of an event is personal: values before and after, an address somebody typed. Erased with the person; the event stays.
create table muster.audit_personal (
  tenant_id uuid not null,
  event_id uuid not null,
  target_id uuid,
  salt bytea not null,
  content jsonb not null,
  primary key (tenant_id, event_id)
);
create index audit_personal_target on muster.audit_personal (tenant_id, target_id);
select app.protect('muster.audit_personal', 'select, insert, delete');
revoke update on muster.audit_personal from muster_system;

-- Events that are not in the chain yet. A writer only adds to it: no lock and no counter is shared with other writers.
create table muster.audit_pending (
  tenant_id uuid not null,
  event_id uuid not null,
  primary key (tenant_id, event_id)
);
select app.protect('muster.audit_pending', 'insert');
revoke update on muster.audit_pending from muster_system;

-- The chain: each link's hash is made of the one before it and of its event. Made by a job, in the order it found them.
create table muster.audit_links (
  tenant_id uuid not null,
  position bigint not null,
  event_id uuid not null,
  hash bytea not null,
  primary key (tenant_id, position),
  constraint audit_links_event_key unique (tenant_id, event_id)
);
select app.protect('muster.audit_links', 'select');
revoke update on muster.audit_links from muster_system;

-- The last link of each day, signed with a key that is derived from the instance key.
create table muster.audit_heads (
  tenant_id uuid not null,
  day date not null,
  position bigint not null,
  hash bytea not null,
  signed_at timestamptz not null,
  signature bytea not null,
  primary key (tenant_id, day)
);
select app.protect('muster.audit_heads', 'select');

-- What was recorded before there was a chain is chained first. The owner sees no rows while row security is forced.
alter table muster.audit_events no force row level security;
alter table muster.audit_pending no force row level security;
insert into muster.audit_pending (tenant_id, event_id) select tenant_id, id from muster.audit_events;
alter table muster.audit_events force row level security;
alter table muster.audit_pending force row level security;
