-- When a receiver's next row is due; NULL when none is.
select min(next_us) from outbox where receiver = :receiver and state = 'due';
