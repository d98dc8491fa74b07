-- Whether somebody has a second factor, said of the users themselves so that a million of them are narrowed to it, and counted
-- by it. In step with `authenticators` and `passkeys`, which are what signing in goes by.
alter table muster.users add column has_factor boolean not null default false;

-- A range for each status instead of an index more: an import of a million would write it for people who have none.
drop index muster.users_status;
create index users_status on muster.users (tenant_id, status, has_factor, id) where deleted_at is null;
-- Those who were added since some day are counted by it without their rows.
drop index muster.users_created;
create index users_created on muster.users (tenant_id, created_at, id) include (status, has_factor) where deleted_at is null;

alter table muster.user_counts add column has_factor boolean not null default false;
alter table muster.user_counts drop constraint user_counts_pkey;
alter table muster.user_counts
  add constraint user_counts_pkey primary key (tenant_id, id, status, role, signed_in, has_factor);

-- Those there are. The owner sees rows only while row-level security is not forced on it.
alter table muster.users no force row level security;
alter table muster.user_counts no force row level security;
alter table muster.authenticators no force row level security;
alter table muster.passkeys no force row level security;
update muster.users u set has_factor = true
 where exists (select from muster.authenticators a where a.tenant_id = u.tenant_id and a.user_id = u.id)
    or exists (select from muster.passkeys p where p.tenant_id = u.tenant_id and p.user_id = u.id);
insert into muster.user_counts (tenant_id, id, status, role, signed_in, has_factor, people)
  select u.tenant_id, gen_random_uuid(), u.status, u.role, u.signed_in, c.has_factor, c.sign * u.people
    from (select tenant_id, status, role, last_sign_in_at is not null as signed_in, count(*)::int as people
            from muster.users where has_factor and deleted_at is null group by 1, 2, 3, 4) u
   cross join (values (false, -1), (true, 1)) c(has_factor, sign);
alter table muster.users force row level security;
alter table muster.user_counts force row level security;
alter table muster.authenticators force row level security;
alter table muster.passkeys force row level security;
