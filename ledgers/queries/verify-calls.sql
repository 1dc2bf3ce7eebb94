-- Every call as it is stored, in the order of booking.
select seq, at_offset_us, dimension_flags, input, cache_read, output, cost_n, margin_n, latency_ms,
  key, details
from call order by seq;
