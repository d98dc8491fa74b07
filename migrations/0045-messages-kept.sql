-- What was kept in the built-in mailbox and sent to nobody is found among millions that were sent. The words are `keptInMailbox`.
create index messages_kept on muster.messages (tenant_id, id)
  where state = 'accepted' and last_reply = 'Kept in the built-in mailbox: no mail server is configured.';
