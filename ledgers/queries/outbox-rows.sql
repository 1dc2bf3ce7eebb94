-- Rows of the outbox that were not delivered, the latest first.
select id, event_id, incident, receiver, kind, made_us, state, attempts, next_us, delivered_us, last_status
from outbox where state <> 'sent' or :all order by id desc limit :most;
