-- A message that was withdrawn while it was held: what takes its place is held, too.
alter table muster.messages add column was_held boolean not null default false;
