-- What people said of incidents and has no answer yet, in its order: :most at once.
select id, at_us, author, kind, incident, body, answer from act where answer is null order by id limit :most;
