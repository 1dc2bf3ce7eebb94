-- The :most dearest calls that began from :from_us up to :to_us, of the dimensions in the JSON array :dimensions.
with near (first_seq, last_seq, base_us) as (
  select first_seq, last_seq, base_us from batch
  where last_us >= :from_us and first_us < :to_us and first_seq is not null
)
select c.seq
from near b cross join call c
where c.seq between b.first_seq and b.last_seq
  and c.at_offset_us >= :from_us - b.base_us and c.at_offset_us < :to_us - b.base_us
  and c.cost_n > 0
  and c.dimension_flags >> 5 in (select value from json_each(:dimensions))
order by c.cost_n desc, c.seq
limit :most;
