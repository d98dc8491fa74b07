-- An import: its uploaded files (sealed, in pieces), what was recognised in them, and every row with what became of it.
create table muster.imports (
  tenant_id uuid not null,
  id uuid not null,
  state text not null
    check (state in ('uploading', 'checking', 'checked', 'applying', 'finished', 'cancelled', 'failed')),
  create_missing_groups boolean not null default false,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  applied_file smallint not null default 0,   -- where applying stands: the last row done
  applied_row integer not null default 0,
  counts jsonb not null default '{}',
  check_attempts smallint not null default 0, -- checks begun and not ended: one that kills the server is not begun for ever
  wiped boolean not null default false,       -- the upload and the passwords that were in it are gone
  problem text,                               -- why the whole import failed
  primary key (tenant_id, id)
);
create index imports_created on muster.imports (tenant_id, created_at desc, id);
create index imports_to_wipe on muster.imports (tenant_id, id) where not wiped;
select app.protect('muster.imports');

create table muster.import_files (
  tenant_id uuid not null,
  import_id uuid not null,
  file_no smallint not null,
  name text not null,
  bytes bigint not null,
  sha256 bytea not null,
  kind text check (kind in ('create', 'invite')),
  recognised jsonb,                           -- encoding, delimiter, header row, columns
  problem text,                               -- why nothing of this file can be imported
  primary key (tenant_id, import_id, file_no)
);
select app.protect('muster.import_files');

-- Up to 1 MiB of an uploaded file, sealed. Deleted when the import is applied, cancelled or a day old.
create table muster.import_chunks (
  tenant_id uuid not null,
  import_id uuid not null,
  file_no smallint not null,
  chunk_no integer not null,
  sealed bytea not null,
  primary key (tenant_id, import_id, file_no, chunk_no)
);
select app.protect('muster.import_chunks');

-- Logged, not unlogged: after a crash of the server applying continues with the same user ids.
create table muster.import_rows (
  tenant_id uuid not null,
  import_id uuid not null,
  file_no smallint not null,
  row_no integer not null,                    -- as the spreadsheet shows it
  user_id uuid not null,                      -- made at staging, so that a replay makes the same user
  email text not null,
  email_key text collate "C" not null,
  first_name text not null,
  last_name text not null,
  name_key text collate "C" not null,
  given_key text collate "C" not null,
  group_keys text[] not null default '{}',
  sealed_password bytea,
  suspended boolean not null default false,
  outcome text not null
    check (outcome in ('ready', 'problem', 'duplicate', 'existing', 'unknown_group',
                       'created', 'invited', 'suspended', 'skipped')),
  problems jsonb,
  notes jsonb,
  primary key (tenant_id, import_id, file_no, row_no)
);
create index import_rows_user on muster.import_rows (tenant_id, user_id);
select app.protect('muster.import_rows');

-- Every group an import names, once, and which group it is (null: there is none of that name).
create table muster.import_groups (
  tenant_id uuid not null,
  import_id uuid not null,
  name_key text collate "C" not null,
  name text not null,
  rows integer not null default 0,
  group_id uuid,
  nearest_group_id uuid,
  primary key (tenant_id, import_id, name_key)
);
select app.protect('muster.import_groups');

-- Freshly staged rows have no statistics, and without them applying goes quadratic. Only the owner may analyze, and
-- row-level security does not concern it: it reads no row for the caller.
create function app.analyze_import_rows() returns void language sql security definer
  set search_path = pg_catalog as $$ analyze muster.import_rows $$;
revoke execute on function app.analyze_import_rows() from public;
grant execute on function app.analyze_import_rows() to muster_app;
