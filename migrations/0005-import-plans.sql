-- Imports that are planned before anything changes, that change existing people where that was chosen, and that can be
-- undone; mail that waits until somebody releases it or a time has come.

alter table muster.imports
  alter column created_by drop not null,          -- null: whoever runs Muster, by command
  add column existing text not null default 'skip'
    check (existing in ('skip', 'add_groups', 'replace_groups')),
  add column all_or_nothing boolean not null default false,
  add column mail text not null default 'now' check (mail in ('now', 'hold', 'schedule')),
  add column mail_at timestamptz,
  add column mail_time_zone text,
  add column source text,                         -- where the people come from, by name: whose leavers are found
  add column leavers_grace_days smallint not null default 14 check (leavers_grace_days between 0 and 90),
  add column undo_started_at timestamptz,
  add column plan jsonb,                          -- its hash and what it is stopped by; null while there is none
  add column drift jsonb,                         -- how the plan changed when the tenant had, before it was applied
  drop constraint imports_state_check,
  add constraint imports_state_check check (state in ('uploading', 'checking', 'checked', 'applying', 'finished',
    'cancelled', 'failed', 'undoing', 'undone'));
create index imports_undoing on muster.imports (tenant_id, id) where state = 'undoing';
create index imports_source on muster.imports (tenant_id, source) where source is not null;

alter table muster.import_files
  add column choice jsonb not null default '{}',  -- what somebody corrected: encoding, columns, sheet, kind
  add column headers_key bytea,                   -- SHA-256 of its headers: under it a mapping is remembered
  add column sealed_samples bytea;                -- its first values, for whoever says what the columns are
create index import_files_sha256 on muster.import_files (tenant_id, sha256);

alter table muster.import_rows
  add column existing_id uuid,                    -- the user whose address it is
  add column plan jsonb,                          -- why it is left out, or what it changes, old and new
  add column group_cell text,                     -- of a row with problems: the groups as they stand in the file
  drop constraint import_rows_outcome_check,
  add constraint import_rows_outcome_check check (outcome in ('ready', 'problem', 'duplicate', 'existing', 'unknown_group',
    'update', 'unchanged', 'created', 'invited', 'suspended', 'updated', 'skipped', 'conflict', 'undone', 'kept'));
-- Every row is written once more when it is applied: half of each page is kept free for that, so that no index is touched.
alter table muster.import_rows set (fillfactor = 50);
create index import_rows_existing on muster.import_rows (tenant_id, existing_id) where existing_id is not null;

alter table muster.import_groups
  add column chosen boolean not null default false,  -- somebody said which group it stands for
  add column made boolean not null default false;    -- this import made the group

-- A row as somebody corrected it, sealed: there may be a password among it. Kept when the file is read again.
create table muster.import_edits (
  tenant_id uuid not null,
  import_id uuid not null,
  file_no smallint not null,
  row_no integer not null,
  sealed bytea not null,
  primary key (tenant_id, import_id, file_no, row_no)
);
select app.protect('muster.import_edits');

-- How the columns of a file with these headers were used by an import that finished.
create table muster.import_mappings (
  tenant_id uuid not null,
  headers_key bytea not null,
  choice jsonb not null,
  updated_at timestamptz not null,
  primary key (tenant_id, headers_key)
);
select app.protect('muster.import_mappings');

-- People of the same named source who are missing from this file; those that were ticked are suspended.
create table muster.import_leavers (
  tenant_id uuid not null,
  import_id uuid not null,
  user_id uuid not null,
  ticked boolean not null default false,
  suspend_at timestamptz,                         -- when the days of grace end; null until the import is done
  suspended_at timestamptz,
  primary key (tenant_id, import_id, user_id)
);
create index import_leavers_due on muster.import_leavers (tenant_id, suspend_at)
  where suspend_at is not null and suspended_at is null;
select app.protect('muster.import_leavers');

-- Held: it waits until it is released. Not before: it was scheduled.
alter table muster.messages
  add column not_before timestamptz,
  drop constraint messages_state_check,
  add constraint messages_state_check
    check (state in ('held', 'queued', 'sending', 'deferred', 'accepted', 'failed', 'withdrawn'));
