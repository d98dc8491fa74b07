-- What an import read of people it never made is forgotten some time after it is over.

alter table muster.imports add column rows_forgotten boolean not null default false;
create index imports_rows_to_forget on muster.imports (tenant_id, finished_at) where not rows_forgotten;
