-- What became of a message is said in full: refused by the mail server for good, given up after trying for long enough
-- (expired), or accepted first and sent back later (bounced). The owner sees no rows while row-level security is forced.
alter table muster.messages drop constraint messages_state_check;
alter table muster.messages no force row level security;
update muster.messages set state = case when last_reply ~ '^5\d\d' then 'refused' else 'expired' end where state = 'failed';
alter table muster.messages force row level security;
alter table muster.messages add constraint messages_state_check check (state in
  ('held', 'queued', 'sending', 'deferred', 'accepted', 'refused', 'bounced', 'expired', 'withdrawn'));

-- Whose email failed, and for the Messages screen: pages and counts of one state. A message is sending for a moment only, and
-- `messages_sending` finds those.
drop index if exists muster.messages_failed;
create index messages_failed on muster.messages (tenant_id, user_id) where state in ('refused', 'bounced', 'expired');
create index messages_state on muster.messages (tenant_id, state, id) where state <> 'sending';

-- What was said of a message before its latest reply: tries that did not succeed, and reports that came back. At most
-- twenty tries of a message are kept: the first nineteen and the latest.
create table muster.message_attempts (
  tenant_id uuid not null,
  message_id uuid not null,
  outcome text not null check (outcome in ('deferred', 'refused', 'expired', 'delayed', 'bounced')),
  no smallint not null,
  at timestamptz not null,
  reply text,
  primary key (tenant_id, message_id, outcome, no)
);
select app.protect('muster.message_attempts');

-- Email to this person's address came back for good: nothing more is sent to it until it is corrected or cleared.
alter table muster.users
  add column mail_failed_at timestamptz,
  add column mail_failed_reply text;
create index users_mail_failed on muster.users (tenant_id, id) where mail_failed_at is not null;

-- How fast a tenant's emails may go, and how many have gone today. The row of nobody's tenant is the installation's.
create table muster.mail_pace (
  tenant_id uuid primary key,
  free_at timestamptz not null,          -- when the next one may go, at an even pace
  day date not null,
  used integer not null                  -- on that day
);
select app.protect('muster.mail_pace');
