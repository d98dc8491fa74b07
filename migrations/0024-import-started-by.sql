-- Who pressed Import CSV, who need not be who uploaded the files; null where that was whoever runs Muster, or nobody yet.
alter table muster.imports add column started_by uuid;

-- The owner sees no rows while row security is forced.
alter table muster.imports no force row level security;
update muster.imports set started_by = created_by where started_at is not null;
alter table muster.imports force row level security;
