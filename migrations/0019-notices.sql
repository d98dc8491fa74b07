-- What a message tells of, where that is not its person: the id of an import or of a browser.
alter table muster.messages add column about uuid;

-- Browsers that somebody has signed in with, where their tenant wants them told of new ones.
create table muster.known_browsers (
  tenant_id uuid not null,
  user_id uuid not null,
  id_hash bytea not null,               -- of what the browser keeps
  id uuid not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  ip text,
  user_agent text not null,
  primary key (tenant_id, user_id, id_hash)
);
select app.protect('muster.known_browsers');
create index known_browsers_last_seen on muster.known_browsers (last_seen_at);
