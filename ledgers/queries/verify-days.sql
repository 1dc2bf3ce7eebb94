-- Every rollup of a day as it is stored.
select day, dimension, calls, errors, unpriced, partial, input, cache_read, output, cost_n, margin_n,
  latency_ms, latency_calls
from rollup_day;
