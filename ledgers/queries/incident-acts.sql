-- What was said of the incident of :id, in the order of saying: the latest :most.
select * from (
  select id, at_us, author, kind, incident, body, answer from act where incident = :id order by id desc limit :most)
order by id;
