-- What the calls that were booked behind row :after_seq and began from :from_us up to :to_us came to, by half a minute
-- and dimension.
--
-- As booked: a price that was corrected later is not in it. A stream's later row adds to its call. Batches are found by
-- the numbers of their rows, so that each look reads only what has come since the last.
with told as (
  select (b.base_us + c.at_offset_us) / 30000000 as slot, c.dimension_flags >> 5 as dimension,
    c.dimension_flags >> 2 & 3 as outcome, c.dimension_flags & 3 as state, c.cost_n,
    json_extract(c.details, '$.prior') is not null as is_later
  from batch b cross join call c
  where b.first_seq > :after_seq and c.seq between b.first_seq and b.last_seq
    and c.at_offset_us >= :from_us - b.base_us and c.at_offset_us < :to_us - b.base_us
)
select slot, dimension,
  sum(not is_later) as calls,
  sum(not is_later and outcome = 1) as errors,
  sum(not is_later and state = 2) as unpriced,
  ifnull(sum(cost_n), 0) as cost_n
from told
group by slot, dimension;
