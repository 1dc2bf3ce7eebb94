-- What a receiver may be sent at :now_us, in order: of each incident the first row that was not delivered, and
-- states that are told again as long as no later row has taken their place.
select o.id, o.event_id, o.incident, o.kind, o.body, o.made_us, o.attempts, o.doubts, o.next_us, o.delivered_us
from outbox o
where o.receiver = :receiver and o.state = 'due' and o.next_us <= :now_us
  and not exists (
    select 1 from outbox e
    where e.incident = o.incident and e.receiver = o.receiver and e.state = 'due' and e.id < o.id
      and e.delivered_us is null)
  and not exists (
    select 1 from outbox l
    where o.delivered_us is not null and l.incident = o.incident and l.receiver = o.receiver and l.state = 'due'
      and l.id > o.id)
order by o.id limit :most;
