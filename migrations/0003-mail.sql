-- A message is a row written in the transaction of what it tells of. It holds no address, no secret and no text: all of
-- that is looked up when it is rendered, at every attempt again.
create table muster.messages (
  tenant_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  kind text not null,
  state text not null default 'queued'
    check (state in ('queued', 'sending', 'deferred', 'accepted', 'failed', 'withdrawn')),
  due_at timestamptz not null,          -- 'infinity' while it waits for something (a password being hashed)
  attempts smallint not null default 0,
  claimed_by bigint,                    -- the advisory lock its sender holds for as long as it lives
  recipient text,                       -- the address it was handed over for
  last_reply text,                      -- the mail server's own words
  created_at timestamptz not null,
  finished_at timestamptz,              -- accepted, failed or withdrawn
  primary key (tenant_id, id)
);
create index messages_user on muster.messages (tenant_id, user_id);
create index messages_due on muster.messages (tenant_id, due_at) where state in ('queued', 'deferred');
create index messages_sending on muster.messages (tenant_id, claimed_by) where state = 'sending';
select app.protect('muster.messages');

-- The built-in mailbox: what was "sent" while no SMTP server is configured. Sealed, because it holds live credentials.
create table muster.mailbox_messages (
  tenant_id uuid not null,
  id uuid not null,
  recipient text not null,
  subject text not null,
  sealed_source bytea not null,         -- the RFC 5322 message
  received_at timestamptz not null,
  primary key (tenant_id, id)
);
create index mailbox_messages_received on muster.mailbox_messages (received_at);
select app.protect('muster.mailbox_messages');
