-- To whom a message went, as addresses are compared: what an address was sent today counts whoever had it, somebody may be
-- deleted and made again. Null in what was sent before: only the same day counts.
alter table muster.messages add column recipient_key text collate "C";
create index messages_recipient on muster.messages (tenant_id, recipient_key, finished_at)
  where state in ('accepted', 'bounced') and recipient_key is not null;
