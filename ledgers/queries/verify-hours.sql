-- Every rollup of an hour as it is stored.
select hour, dimension, calls, errors, unpriced, partial, input, cache_read, output, cost_n, margin_n,
  latency_ms, latency_calls
from rollup_hour;
