-- Where reports go of emails that came back, where a tenant sends by a mail server of its own: each email has a form of it as its
-- envelope sender. Null: they go to the sender's address, and Muster learns nothing of them.
alter table muster.mail_servers add column bounce_address text;
