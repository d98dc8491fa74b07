-- Passkeys, asked for beside the password like an authenticator app.
create table muster.passkeys (
  tenant_id uuid not null,
  user_id uuid not null,
  id uuid not null,
  credential_id bytea not null,         -- by which whatever holds it finds it
  public_key bytea not null,
  sign_count bigint not null,           -- as it said last; 0 where it does not count
  transports text[] not null,
  name text not null,
  created_at timestamptz not null,
  last_used_at timestamptz,
  primary key (tenant_id, user_id, id),
  constraint passkeys_credential_id_key unique (tenant_id, credential_id)
);
select app.protect('muster.passkeys');

-- What a passkey has to sign to finish this sign-in; each is good for one try.
alter table muster.begun_sign_ins add column challenge text;
