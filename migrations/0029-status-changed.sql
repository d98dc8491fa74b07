-- When somebody's status last changed, or they were deleted or restored: taking back what was done to them leaves alone
-- whoever's has changed since. Null: not since this was noted.
alter table muster.users add column status_changed_at timestamptz;

-- The owner sees no rows while row security is forced.
alter table muster.users no force row level security;
update muster.users set status_changed_at = signed_out_at where status = 'suspended';
alter table muster.users force row level security;
