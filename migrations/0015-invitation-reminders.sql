-- When an invitation was sent is when its email was accepted: whoever is due to be reminded of theirs is found by that time.
create index messages_invited on muster.messages (tenant_id, finished_at) where kind = 'user.invited' and state = 'accepted';

-- Up to which moment a tenant's reminders have been written. Whoever writes them holds this row, and moves it on in the same
-- transaction: nobody is reminded twice of the same day.
create table muster.reminder_progress (
  tenant_id uuid primary key,
  reminded_until timestamptz not null
);
select app.protect('muster.reminder_progress');

-- What somebody sits and waits for stays so when the mail server puts it off: then it is due later than what is queued, and
-- still goes before it.
alter table muster.messages add column first boolean not null default false;
create index messages_first on muster.messages (tenant_id, due_at) where first and state in ('queued', 'deferred');
