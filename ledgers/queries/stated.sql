-- Calls that began from :from_us up to :to_us whose provider stated a cost, one a row: the dimension, the
-- state, what was booked, what was stated.
--
-- A stream's later row adds to an earlier one and repeats the whole statement: beside it stand what the earlier
-- row had stated, and what all rows before had booked. A call that was re-priced counts with its price in
-- effect.
with near (first_seq, last_seq, base_us) as (
  select first_seq, last_seq, base_us from batch
  where last_us >= :from_us and first_us < :to_us and first_seq is not null
),
told as (
  select c.seq, ifnull(r.dimension, c.dimension_flags >> 5) as dimension,
    ifnull(r.state, c.dimension_flags & 3) as state, iif(r.seq is null, c.cost_n, r.cost_n) as cost_n,
    json_extract(c.details, '$.stated') as stated, json_extract(c.details, '$.prior') as prior
  from near b cross join call c
  left join recharge r on r.seq = c.seq
    and r.document = (select max(document) from recharge where seq = c.seq)
  where c.seq between b.first_seq and b.last_seq and c.details is not null
    and instr(c.details, '"stated"') > 0
    and c.at_offset_us >= :from_us - b.base_us and c.at_offset_us < :to_us - b.base_us
)
select t.dimension, t.state, t.cost_n, t.stated,
  (select json_extract(p.details, '$.stated') from call p where p.seq = t.prior) as prior_stated,
  (with recursive before (seq) as (
    select t.prior where t.prior is not null
    union all
    select json_extract(p.details, '$.prior') from before b join call p on p.seq = b.seq
    where json_extract(p.details, '$.prior') is not null
  )
  select sum(iif(r.seq is null, p.cost_n, r.cost_n))
  from before b join call p on p.seq = b.seq
  left join recharge r on r.seq = p.seq
    and r.document = (select max(document) from recharge where seq = p.seq)) as prior_cost_n
from told t
where t.stated is not null
order by t.seq;
