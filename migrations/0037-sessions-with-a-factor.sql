-- When a second factor was last given or set up in a session. Null: never; such a session is of no use once its person has one.
alter table muster.sessions add column factor_at timestamptz;

-- What a passkey has to sign where it is asked for again in a session; each is good for one try.
alter table muster.sessions add column challenge text;

-- How many wrong codes of it were given since the last right second factor, over however many days.
alter table muster.authenticators add column wrong_codes integer not null default 0;
