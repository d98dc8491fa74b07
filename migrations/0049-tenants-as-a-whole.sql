-- The portal's role changes what a tenant has chosen. Whether it is open, what address it has and whether it is to be erased,
-- its audit log with it, is the operator's.
revoke update on muster.tenants from muster_app;
grant update (name, settings, settings_version, updated_at) on muster.tenants to muster_app;
