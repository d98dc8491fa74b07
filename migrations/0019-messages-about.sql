-- What a message tells of, where that is not its person: the id of an import.
alter table muster.messages add column about uuid;
