-- How many users there were on each day, for the line on the Home screen. The day's row is written anew each hour, so that
-- what stays is the last count of that day, in UTC.
create table muster.user_counts_daily (
  tenant_id uuid not null,
  day date not null,
  people integer not null,
  invited integer,                      -- null with the two below: nobody counted by status on that day
  active integer,
  suspended integer,
  primary key (tenant_id, day)
);
select app.protect('muster.user_counts_daily', 'select');

-- The days before: who had been added by then and not been deleted. What their status was is not known any more, and whoever
-- was erased since is not in it. The owner sees rows only while row-level security is not forced on it.
alter table muster.users no force row level security;
alter table muster.user_counts_daily no force row level security;
insert into muster.user_counts_daily (tenant_id, day, people)
  select tenant_id, day, people
    from (select tenant_id, day, sum(sum(change)) over (partition by tenant_id order by day)::int as people
            from (select tenant_id, (created_at at time zone 'UTC')::date as day, 1 as change from muster.users
                  union all
                  select tenant_id, (deleted_at at time zone 'UTC')::date, -1 from muster.users
                   where deleted_at is not null) u
           group by tenant_id, day) d
   where day < (now() at time zone 'UTC')::date;
alter table muster.users force row level security;
alter table muster.user_counts_daily force row level security;
