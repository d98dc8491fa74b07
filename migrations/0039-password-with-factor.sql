-- A sign-in that was begun by a personal link: the password chosen with it takes effect with the second factor, and only as
-- long as that link is open.
alter table muster.begun_sign_ins
  add column sealed_hash bytea,         -- of that password
  add column link_purpose text,
  add column link_generation integer;
alter table muster.begun_sign_ins add constraint begun_sign_ins_link_check
  check (num_nulls(sealed_hash, link_purpose, link_generation) in (0, 3));

-- Only a passkey that has checked its holder under the eyes of a password or a link is believed to do so: whoever finds a key
-- that never did could have it begin with them.
alter table muster.passkeys add column holder_verified boolean not null default false;
