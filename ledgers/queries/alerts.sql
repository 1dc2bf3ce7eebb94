-- What the writer says of alerts, by name: a line with a name and a colon opens each statement.

-- open_incident: an incident's first notice; a second one of the same id changes nothing
insert into incident (id, fingerprint, rule, labels, state, severity, opened_us, last_us, excess_n, body)
values (?1, ?2, ?3, ?4, 'firing', ?5, ?6, ?7, ?8, ?9)
on conflict (id) do update set state = 'firing', closed_us = null, severity = excluded.severity,
  last_us = excluded.last_us, excess_n = excluded.excess_n, body = excluded.body, acked_by = null
where state = 'resolved' and excluded.last_us > incident.last_us;

-- other_open: another incident of the same fingerprint that is open
select id from incident where fingerprint = ?1 and state <> 'resolved' and id <> ?2;

-- update_incident: a further notice
update incident set severity = ?2, last_us = ?3, excess_n = ?4, body = ?5
where id = ?1 and state <> 'resolved' and last_us <= ?3;

-- close_incident: its end
update incident set state = 'resolved', closed_us = ?3, severity = ?2, last_us = ?3, excess_n = ?4, body = ?5
where id = ?1 and state <> 'resolved';

-- ack_incident: somebody looks after it
update incident set state = 'acked', acked_by = ?2 where id = ?1 and state in ('firing', 'acked');

-- put_in_outbox: a notice for a receiver, once
insert into outbox (event_id, incident, receiver, kind, body, made_us, next_us) values (?1, ?2, ?3, ?4, ?5, ?6, ?6)
on conflict (event_id, receiver) do nothing;

-- heard_of_incident: whether the receiver was told of it
select 1 from outbox where incident = ?1 and receiver = ?2 and kind in ('firing', 'updated') limit 1;

-- count_due: what waits, over all receivers
select count(*) from (select 1 from outbox where state = 'due' limit ?1);

-- settle_sent: it was taken, and that is all
update outbox set state = 'sent', attempts = 0, doubts = 0, last_status = ?2, delivered_us = ifnull(delivered_us, ?3)
where id = ?1 and state = 'due';

-- settle_again: it was taken, and is told again then
update outbox set attempts = 0, doubts = 0, next_us = ?4, last_status = ?2, delivered_us = ifnull(delivered_us, ?3)
where id = ?1 and state = 'due';

-- settle_retry: it was not taken, and is tried again then
update outbox set attempts = attempts + 1, doubts = doubts + ?4, next_us = ?3, last_status = ?2
where id = ?1 and state = 'due';

-- settle_dead: it is given up
update outbox set state = 'dead', attempts = attempts + ?4, next_us = ?3, last_status = ?2
where id = ?1 and state = 'due';

-- supersede: states of the incident that a later notice has taken the place of
update outbox set state = 'sent'
where receiver = ?1 and incident = ?2 and id < ?3 and state = 'due' and delivered_us is not null;

-- drop_updates: what only adds to a notice that was given up
update outbox set state = 'dead', last_status = 'superseded'
where receiver = ?1 and incident = ?2 and id > ?3 and state = 'due' and kind = 'updated';

-- drop_receiver: rows of a receiver that is not there any more
update outbox set state = iif(delivered_us is null, 'dead', 'sent'), last_status = 'unknown'
where receiver = ?1 and state = 'due';

-- forget_old: rows that are over, but for incidents that are not
delete from outbox where id in (
  select o.id from outbox o
  where o.state <> 'due' and o.made_us < ?1
    and not exists (select 1 from incident i where i.id = o.incident and i.state <> 'resolved')
  order by o.id limit ?2);

-- forget_many: the oldest rows that are over, beyond a number of them
delete from outbox where id in (
  select o.id from outbox o
  where o.state <> 'due'
    and not exists (select 1 from incident i where i.id = o.incident and i.state <> 'resolved')
  order by o.id
  limit max(0, min(?2, (select count(*) from outbox where state <> 'due') - ?1)));

-- forget_incidents: incidents that ended long ago and of which nothing waits
delete from incident where id in (
  select i.id from incident i
  where i.closed_us < ?1 and not exists (select 1 from outbox o where o.incident = i.id and o.state = 'due')
  order by i.closed_us limit ?2);
