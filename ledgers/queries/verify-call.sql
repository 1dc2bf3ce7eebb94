-- The call that was booked under the number :seq, as it is stored.
select seq, at_offset_us, dimension_flags, input, cache_read, output, cost_n, margin_n, latency_ms,
  key, details
from call where seq = :seq;
