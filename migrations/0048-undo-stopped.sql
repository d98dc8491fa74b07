-- An undo goes no further than when whoever began it may no more: it waits for somebody who may.
alter table muster.imports
  drop constraint imports_state_check,
  add constraint imports_state_check check (state in ('uploading', 'checking', 'checked', 'applying', 'finished',
    'cancelled', 'failed', 'undoing', 'undo_stopped', 'undone'));
