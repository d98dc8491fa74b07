-- What a large import has added is unknown to the planner until autovacuum comes round, within a minute or more: until then it plans as
-- for the few rows there were before, and what follows at once (changing these people, a bulk action) takes minutes. Whoever is at
-- one of these tables already is not waited for. Only the owner may analyze, and row-level security does not concern it: it reads
-- no row for the caller.
create function app.analyze_people() returns void language sql security definer
  set search_path = pg_catalog as $$
    analyze (skip_locked) muster.users, muster.memberships, muster.messages, muster.links $$;
revoke execute on function app.analyze_people() from public;
grant execute on function app.analyze_people() to muster_app;
