-- What the calls that began from :from_us up to :to_us came to in each five minutes, by dimension, as booked.
--
-- A price that was corrected later is not in it: what is watched is what was known. A stream's later row adds to its
-- call. A call that was broken off has no usage and so no amount, which is no missing price. `stated_n` is of calls
-- with a price, and of no stream, above nought and below a million dollars: to the nearest nanodollar, by floating
-- point. It only feeds a statistic; `drift` is exact.
with near (first_seq, last_seq, base_us) as (
  select first_seq, last_seq, base_us from batch
  where last_us >= :from_us and first_us < :to_us and first_seq is not null
),
told as (
  select (b.base_us + c.at_offset_us - :from_us) / 300000000 as bucket, c.dimension_flags >> 5 as dimension,
    c.dimension_flags >> 2 & 3 as outcome, c.dimension_flags & 3 as state,
    c.input + c.cache_read + c.output as tokens, c.cost_n, c.latency_ms,
    json_extract(c.details, '$.prior') is not null as is_later,
    json_extract(c.details, '$.status') as status,
    iif(instr(c.details, '"stated"') > 0 and instr(c.details, '"prior"') = 0,
      json_extract(c.details, '$.stated'), null) * 1e9 as stated
  from near b cross join call c
  where c.seq between b.first_seq and b.last_seq
    and c.at_offset_us >= :from_us - b.base_us and c.at_offset_us < :to_us - b.base_us
)
select bucket, dimension,
  sum(not is_later) as calls,
  sum(not is_later and outcome = 1) as errors,
  sum(not is_later and ifnull(status, 0) = 402) as payment_required,
  sum(not is_later and state = 2 and outcome = 0) as unpriced,
  ifnull(sum(cost_n), 0) as cost_n,
  sum(tokens) as tokens,
  ifnull(sum(iif(is_later, 0, latency_ms)), 0) as latency_ms,
  sum(not is_later and latency_ms is not null) as latency_calls,
  ifnull(sum(cast(round(stated) as integer)) filter (where cost_n is not null and stated > 0 and stated < 1e15), 0)
    as stated_n,
  ifnull(sum(cost_n) filter (where stated > 0 and stated < 1e15), 0) as stated_cost_n
from told
group by bucket, dimension
order by bucket, dimension;
