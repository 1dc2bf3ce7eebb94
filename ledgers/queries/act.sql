-- What somebody said under the number :id.
select id, at_us, author, kind, incident, body from act where id = :id;
