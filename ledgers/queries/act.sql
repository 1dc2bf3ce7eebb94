-- The act of :id.
select id, at_us, author, kind, incident, body, answer from act where id = :id;
