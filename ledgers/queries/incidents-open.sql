-- Incidents that are not over, in the order of their opening.
select id, fingerprint, rule, labels, state, severity, opened_us, last_us, closed_us, excess_n, body, acked_by
from incident where state <> 'resolved' order by opened_us, id;
