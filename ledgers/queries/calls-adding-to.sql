-- The rows that add to the call booked under :seq: later lines of the same stream.
--
-- They have the same key, and stand behind it.
select c.seq, b.base_us + c.at_offset_us as at_us, c.dimension_flags >> 5 as dimension,
  c.dimension_flags >> 4 & 1 as stream, c.dimension_flags >> 2 & 3 as outcome,
  c.dimension_flags & 3 as state, c.input, c.cache_read, c.output, c.cost_n, c.margin_n,
  c.latency_ms, c.details, b.id as batch
from call c
cross join batch b on b.first_seq = (select max(first_seq) from batch where first_seq <= c.seq)
where c.seq > :seq and c.key = (select key from call where seq = :seq)
  and json_extract(c.details, '$.prior') is not null
order by c.seq;
