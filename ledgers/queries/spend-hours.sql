-- What calls came to in each UTC hour from :from_hour up to :to_hour, by dimension.
select dimension, calls, errors, unpriced, partial, input, cache_read, output, cost_n, margin_n,
  latency_ms, latency_calls
from rollup_hour
where hour >= :from_hour and hour < :to_hour;
