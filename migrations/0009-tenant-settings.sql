-- What a tenant chooses, its logo, and what the operator does with it as a whole: suspend, delete with grace, erase.

alter table muster.tenants
  add column settings_version integer not null default 1,
  add column erase_at timestamptz,                -- of a deleted one: when its days of grace are over
  add column status_before text,                  -- of a deleted one: what restoring makes of it
  drop constraint tenants_status_check,
  -- An erased one keeps its address and nothing else: a link that was mailed never leads to another organisation.
  add constraint tenants_status_check check (status in ('active', 'suspended', 'deleted', 'erased'));
create index tenants_to_erase on muster.tenants (erase_at) where erase_at is not null;

-- Shown on the sign-in page: for anyone to see.
create table muster.tenant_logos (
  tenant_id uuid primary key,
  media_type text not null,
  content bytea not null,
  digest text not null,                           -- names this very picture, for caches
  constraint tenant_logos_media_type_check check (media_type in ('image/png', 'image/jpeg', 'image/webp')),
  constraint tenant_logos_content_check check (octet_length(content) <= 262144)
);
select app.protect('muster.tenant_logos');

-- The record of an erased tenant goes as a whole; of any other one only months that are over may be removed.
grant delete on muster.audit_events to muster_system;
drop policy if exists closed_months on muster.audit_events;
create policy closed_months on muster.audit_events as restrictive for delete to muster_system
  using (at < date_trunc('month', now(), 'UTC')
         or exists (select from muster.tenants t where t.id = tenant_id and t.status = 'erased'));
