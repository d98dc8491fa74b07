-- What keeps the database from doing an import's work, for no fault of the file: since when, and when it is tried again.
alter table muster.imports
  add column trouble text check (trouble in ('away', 'disk_full', 'out_of_memory')),
  add column trouble_since timestamptz,
  add column retry_at timestamptz;
