-- Deleted users can be restored for as long as their tenant wants; then they are erased, and only their id is left.

alter table muster.users add column erase_at timestamptz;  -- of a deleted one
create index users_deleted on muster.users (tenant_id, deleted_at, id) where deleted_at is not null;
create index users_to_erase on muster.users (tenant_id, erase_at) where erase_at is not null;

-- The groups of deleted users, for when they are restored. Beside the memberships: every one of those counts.
create table muster.former_memberships (
  tenant_id uuid not null,
  user_id uuid not null,
  group_id uuid not null,
  primary key (tenant_id, user_id, group_id)
);
create index former_memberships_group on muster.former_memberships (tenant_id, group_id);
select app.protect('muster.former_memberships');

-- Whoever was deleted before. The owner sees rows only while row-level security is not forced on it.
alter table muster.users no force row level security;
update muster.users set erase_at = deleted_at + interval '30 days' where deleted_at is not null;
alter table muster.users force row level security;
