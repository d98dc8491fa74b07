-- How many members a group has, as changes to add up: a page of groups is read without counting a million memberships.
-- Whoever adds or removes memberships adds a row for each group and waits for nobody. Rows are folded together behind them.
create table muster.member_counts (
  tenant_id uuid not null,
  group_id uuid not null,
  id uuid not null,
  members integer not null,
  primary key (tenant_id, group_id, id)
);
select app.protect('muster.member_counts', 'select, insert, delete');

-- Those there are. The owner sees rows only while row-level security is not forced on it.
alter table muster.memberships no force row level security;
alter table muster.member_counts no force row level security;
insert into muster.member_counts (tenant_id, group_id, id, members)
  select tenant_id, group_id, gen_random_uuid(), count(*)::int from muster.memberships group by tenant_id, group_id;
alter table muster.memberships force row level security;
alter table muster.member_counts force row level security;
