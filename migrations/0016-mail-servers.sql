-- A tenant's own mail server, where it has one. Its password is sealed with the instance key.
create table muster.mail_servers (
  tenant_id uuid primary key,
  revision uuid not null,                         -- another one with each change
  host text not null,
  port integer not null,
  security text not null,
  login_user text,                                -- null: it asks for no login
  sealed_password bytea,
  from_address text not null,                     -- whom emails come from
  updated_at timestamptz not null,
  constraint mail_servers_port_check check (port between 1 and 65535),
  constraint mail_servers_security_check check (security in ('tls', 'starttls', 'none')),
  constraint mail_servers_login_check check ((login_user is null) = (sealed_password is null))
);
select app.protect('muster.mail_servers');
