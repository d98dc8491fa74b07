-- What became of messages is noted in one trip to the database, its end included: so the statement itself must refuse what
-- another sender has claimed meanwhile.
create function app.refuse_foreign_claim() returns void language plpgsql as $$
begin
  raise exception using errcode = 'MU001', message = 'Some of the messages are claimed by another sender.';
end $$;
revoke execute on function app.refuse_foreign_claim() from public;
grant execute on function app.refuse_foreign_claim() to muster_app;
