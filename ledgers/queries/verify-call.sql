-- The call that was booked under the number :seq, as it is stored, and what its offset is from.
select seq, at_offset_us, dimension_flags, input, cache_read, output, cost_n, margin_n, latency_ms,
  key, details,
  (select base_us from batch where first_seq <= :seq order by first_seq desc limit 1) as base_us
from call where seq = :seq;
