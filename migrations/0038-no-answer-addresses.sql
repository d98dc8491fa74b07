-- The address for answers may be somebody's, and nobody who erases them looks here. Of one that is changed from now on only whether
-- there was one is kept ('answers').
alter table muster.letter_changes no force row level security;
update muster.letter_changes set was = was - 'replyTo' where part = 'letterhead' and was ? 'replyTo';
alter table muster.letter_changes force row level security;
