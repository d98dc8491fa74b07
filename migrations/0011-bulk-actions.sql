-- One action on many users. Who is meant is written down when it is started, some thousands to a row; what became of them as
-- well, so that it can be looked up and undone exactly.

create table muster.bulk_actions (
  tenant_id uuid not null,
  id uuid not null,
  action text not null,
  group_ids uuid[] not null default '{}',
  state text not null,
  people integer not null,
  counts jsonb not null default '{}',             -- people by outcome
  next_batch integer not null default 1,          -- to be done, or to be undone
  started_by uuid not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  undo_started_by uuid,
  undo_started_at timestamptz,
  problem text,
  primary key (tenant_id, id),
  constraint bulk_actions_state_check check (state in ('running', 'finished', 'cancelled', 'undoing', 'undone'))
);
create index bulk_actions_latest on muster.bulk_actions (tenant_id, started_at, id);
create index bulk_actions_at_work on muster.bulk_actions (tenant_id, id) where state in ('running', 'undoing');
select app.protect('muster.bulk_actions');

create table muster.bulk_batches (
  tenant_id uuid not null,
  action_id uuid not null,
  no integer not null,
  user_ids uuid[] not null,
  done_at timestamptz,
  primary key (tenant_id, action_id, no)
);
select app.protect('muster.bulk_batches');

create table muster.bulk_outcomes (
  tenant_id uuid not null,
  action_id uuid not null,
  batch_no integer not null,
  outcome text not null,
  about text not null default '',                 -- the group, or the reason
  user_ids uuid[] not null,
  primary key (tenant_id, action_id, batch_no, outcome, about),
  constraint bulk_outcomes_outcome_check check (outcome in ('changed', 'unchanged', 'refused', 'undone', 'kept'))
);
select app.protect('muster.bulk_outcomes');
