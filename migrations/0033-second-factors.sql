-- Second factors: an authenticator app, and recovery codes for whoever cannot use it.
create table muster.authenticators (
  tenant_id uuid not null,
  user_id uuid not null,
  sealed_secret bytea not null,
  set_up_at timestamptz not null,
  last_step bigint not null,            -- the time step of the last code that was used: none is taken twice
  primary key (tenant_id, user_id)
);
select app.protect('muster.authenticators');

create table muster.recovery_codes (
  tenant_id uuid not null,
  user_id uuid not null,
  code_hash bytea not null,             -- by a key of the instance
  made_at timestamptz not null,
  used_at timestamptz,
  primary key (tenant_id, user_id, code_hash)
);
select app.protect('muster.recovery_codes');

-- Whoever has given the right password and is asked for a second factor. It grants nothing else.
create table muster.begun_sign_ins (
  tenant_id uuid not null,
  id_hash bytea not null,               -- of what the browser keeps
  user_id uuid not null,
  must_change_password boolean not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (tenant_id, id_hash)
);
select app.protect('muster.begun_sign_ins');
create index begun_sign_ins_user on muster.begun_sign_ins (tenant_id, user_id);

-- When somebody last proved that they are who signed in: by signing in, or by their password since.
alter table muster.sessions add column confirmed_at timestamptz;
