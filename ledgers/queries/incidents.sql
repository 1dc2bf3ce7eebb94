-- Incidents, the open ones first and then the latest.
select id, fingerprint, rule, labels, state, severity, opened_us, last_us, closed_us, excess_n, body, acked_by
from incident order by state = 'resolved', last_us desc limit :most;
