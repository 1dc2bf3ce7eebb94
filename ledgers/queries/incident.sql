-- The incident of :id.
select id, fingerprint, rule, labels, state, severity, opened_us, last_us, closed_us, excess_n, body, acked_by
from incident where id = :id;
