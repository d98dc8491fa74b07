-- The language of somebody's emails; null: the tenant's.
alter table muster.users add column language text;

-- What a tenant says in its emails in words of its own, by kind and language. Whatever is not in `words` is as usual; a row
-- whose words are empty is as usual again and keeps counting its versions.
create table muster.mail_wordings (
  tenant_id uuid not null,
  kind text not null,
  language text not null,
  words jsonb not null,
  version integer not null,
  updated_at timestamptz not null,
  primary key (tenant_id, kind, language)
);
select app.protect('muster.mail_wordings');
