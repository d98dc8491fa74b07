-- Rows of imports that were undone, of people who went with that: nothing they say stays. The owner sees rows only while
-- row-level security is not forced on it.

alter table muster.imports no force row level security;
alter table muster.import_rows no force row level security;
update muster.import_rows r
   set email = '', email_key = '', first_name = '', last_name = '', name_key = '', given_key = '', group_keys = '{}',
       sealed_password = null, problems = null, notes = null, group_cell = null, plan = '{"erased": true}'
  from muster.imports i
 where i.state = 'undone' and r.tenant_id = i.tenant_id and r.import_id = i.id and r.outcome = 'undone' and r.existing_id is null;
alter table muster.import_rows force row level security;
alter table muster.imports force row level security;
