-- What the calls that began from :from_us up to :to_us came to, by dimension, as rollup_hour counts.
--
-- For the part of an hour at the edge of a zone's day. Batches of at most a minute lie close to the
-- edge; the few wider ones may begin long before it and end long after, and have their own index.
-- A call that was re-priced counts with its price in effect.
with near (first_seq, last_seq, base_us) as (
  select first_seq, last_seq, base_us from batch
  where last_us >= :from_us and last_us < :to_us + 60000000 and first_us < :to_us
    and last_us - first_us <= 60000000
  union all
  select first_seq, last_seq, base_us from batch
  where last_us - first_us > 60000000 and last_us >= :from_us and first_us < :to_us
),
edge as (
  select ifnull(r.dimension, c.dimension_flags >> 5) as dimension,
    c.dimension_flags >> 2 & 3 as outcome, ifnull(r.state, c.dimension_flags & 3) as state,
    (select ifnull(
        (select state from recharge where seq = p.seq order by document desc limit 1),
        p.dimension_flags & 3)
      from call p where p.seq = json_extract(c.details, '$.prior')) as prior_state,
    c.input, c.cache_read, c.output, iif(r.seq is null, c.cost_n, r.cost_n) as cost_n,
    iif(r.seq is null, c.margin_n, r.margin_n) as margin_n, c.latency_ms
  from near b cross join call c
  left join recharge r on r.seq = c.seq
    and r.document = (select max(document) from recharge where seq = c.seq)
  where c.seq between b.first_seq and b.last_seq
    and c.at_offset_us >= :from_us - b.base_us and c.at_offset_us < :to_us - b.base_us
)
select dimension,
  sum(prior_state is null) as calls,
  sum(prior_state is null and outcome = 1) as errors,
  sum((state = 2) - ifnull(prior_state = 2, 0)) as unpriced,
  sum((state = 1) - ifnull(prior_state = 1, 0)) as partial,
  sum(input) as input, sum(cache_read) as cache_read, sum(output) as output,
  ifnull(sum(cost_n), 0) as cost_n, ifnull(sum(margin_n), 0) as margin_n,
  ifnull(sum(iif(prior_state is null, latency_ms, 0)), 0) as latency_ms,
  sum(prior_state is null and latency_ms is not null) as latency_calls
from edge
group by dimension;
