-- Who pressed Undo import; null where that was whoever runs Muster, or nobody yet.
alter table muster.imports add column undo_started_by uuid;

-- Who did before, as the audit log knows it. The owner sees no rows while row security is forced.
alter table muster.imports no force row level security;
alter table muster.audit_events no force row level security;
update muster.imports i
   set undo_started_by = e.actor_id
  from muster.audit_events e
 where i.undo_started_at is not null and e.tenant_id = i.tenant_id and e.target_id = i.id and e.action = 'import.undo_started';
alter table muster.audit_events force row level security;
alter table muster.imports force row level security;
