-- The portal's role changes what a tenant has chosen. Whether it is open, what address it has and whether it is to be erased,
-- its audit log with it, is the operator's.
revoke update on muster.tenants from muster_app;
grant update (name, settings, settings_version, updated_at) on muster.tenants to muster_app;

-- An event of a time to come was written while the clock was wrong, or by hand. It goes with the month it stands in.
drop policy closed_months on muster.audit_events;
create policy closed_months on muster.audit_events as restrictive for delete to muster_system
  using (at < date_trunc('month', now(), 'UTC') or at > now() + interval '1 day'
         or exists (select from muster.tenants t where t.id = tenant_id and t.status = 'erased'));
