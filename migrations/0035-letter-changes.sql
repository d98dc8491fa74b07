-- What a tenant's emails were made of before it was changed, so that an old message can be shown with the words and the look it
-- was sent with. Each change begins a new edition; what no row tells is as it is today.
create table muster.letter_changes (
  tenant_id uuid not null,
  no integer not null,                            -- of the edition that began with it
  from_at timestamptz not null,                   -- what is finished from then on is of this edition or a later one
  part text not null,                             -- 'letterhead', or the kind and language of words
  was jsonb not null,                             -- in the editions before, back to the last change of the same part
  primary key (tenant_id, no)
);
select app.protect('muster.letter_changes');

-- Logos that were taken down or replaced, each once, however often it was the logo.
create table muster.past_logos (
  tenant_id uuid not null,
  digest text not null,
  media_type text not null,
  content bytea not null,
  replaced_at timestamptz not null,
  primary key (tenant_id, digest)
);
select app.protect('muster.past_logos');

-- Of which edition a message is where the moment it was finished does not tell: it was in hand while something was changed, or
-- came back after it. Those are few: nothing is kept for each message.
create table muster.message_editions (
  tenant_id uuid not null,
  message_id uuid not null,
  edition integer not null,
  primary key (tenant_id, message_id)
);
select app.protect('muster.message_editions');
