-- What the server did by itself, the operator, and whoever was not signed in: seldom beside what people did, and as quickly found.
create index audit_events_nobody on muster.audit_events (tenant_id, actor_kind, at, id) where actor_id is null;
