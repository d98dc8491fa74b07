-- Groups, users, their memberships, credentials, links and sessions.
-- Whatever is compared, sorted or paged by is a stored, normalised column (…_key, collate "C"), computed by one function
-- in the code: expression indexes are not used under row-level security.
-- There are no foreign keys between these tables: docs/decisions/003-no-foreign-keys-between-people.md.

create table muster.groups (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  name_key text collate "C" not null,
  description text not null default '',
  active boolean not null default true,
  protected boolean not null default false,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, id),
  constraint groups_name_key unique (tenant_id, name_key)
);
select app.protect('muster.groups');

create table muster.users (
  tenant_id uuid not null,
  id uuid not null,
  email text not null,
  email_key text collate "C" not null,
  first_name text not null,
  last_name text not null,
  name_key text collate "C" not null,   -- "last first", folded: sort order and prefix search
  given_key text collate "C" not null,  -- "first last", folded: prefix search
  role text not null default 'member'
    check (role in ('owner', 'administrator', 'user_administrator', 'auditor', 'member')),
  status text not null check (status in ('invited', 'active', 'suspended')),
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  last_sign_in_at timestamptz,
  signed_out_at timestamptz,            -- sessions made before are none any more
  deleted_at timestamptz,
  primary key (tenant_id, id)
);
create unique index users_email_key on muster.users (tenant_id, email_key) where deleted_at is null;
create index users_name on muster.users (tenant_id, name_key, id) where deleted_at is null;
create index users_given on muster.users (tenant_id, given_key) where deleted_at is null;
create index users_staff on muster.users (tenant_id, id) where role <> 'member' and deleted_at is null;
select app.protect('muster.users');

create table muster.memberships (
  tenant_id uuid not null,
  user_id uuid not null,
  group_id uuid not null,
  primary key (tenant_id, user_id, group_id)
);
create index memberships_group on muster.memberships (tenant_id, group_id, user_id);
select app.protect('muster.memberships');

-- A user's password: its argon2id hash, and, while it waits to be hashed or mailed, its seal (authenticated encryption
-- under the instance key, bound to tenant and user). A seal never verifies a sign-in.
create table muster.credentials (
  tenant_id uuid not null,
  user_id uuid not null,
  password_hash text,
  sealed_password bytea,
  temporary boolean not null default false,
  expires_at timestamptz,               -- of a temporary password
  changed_at timestamptz not null,
  primary key (tenant_id, user_id)
);
create index credentials_unhashed on muster.credentials (tenant_id, user_id)
  where password_hash is null and sealed_password is not null;
select app.protect('muster.credentials');

-- Invitation, reset and set-password links. The link itself is derived (id, purpose and generation under the instance
-- key), never stored; use and expiry live here, one row for each user and purpose.
create table muster.links (
  tenant_id uuid not null,
  user_id uuid not null,
  purpose text not null check (purpose in ('invitation', 'reset', 'set_password')),
  generation integer not null default 1,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz,
  primary key (tenant_id, user_id, purpose)
);
select app.protect('muster.links');

create table muster.sessions (
  tenant_id uuid not null,
  id_hash bytea not null,               -- SHA-256 of the cookie's value
  user_id uuid not null,
  must_change_password boolean not null default false,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  ip inet,
  user_agent text,
  primary key (tenant_id, id_hash)
);
create index sessions_user on muster.sessions (tenant_id, user_id);
select app.protect('muster.sessions');
