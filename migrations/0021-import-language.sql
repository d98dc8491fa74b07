-- The language of somebody's emails as a file says it: '' is the tenant's, null says nothing.
alter table muster.import_rows add column language text;
