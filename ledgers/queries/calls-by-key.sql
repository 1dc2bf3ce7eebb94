-- Every call whose own or provider's id has the digest :key (8 bytes, the highest first).
--
-- Ids have no index, on purpose: this reads every call, about three million a second.
select c.seq, b.base_us + c.at_offset_us as at_us, c.dimension_flags >> 5 as dimension,
  c.dimension_flags >> 4 & 1 as stream, c.dimension_flags >> 2 & 3 as outcome,
  c.dimension_flags & 3 as state, c.input, c.cache_read, c.output, c.cost_n, c.margin_n,
  c.latency_ms, c.details, b.id as batch
from call c
cross join batch b on b.first_seq = (select max(first_seq) from batch where first_seq <= c.seq)
where c.key = :key
  or (length(c.key) > 8 and substr(c.key, 1, 8) = :key)
  or (length(c.key) >= 16 and substr(c.key, 9, 8) = :key)
order by c.seq;
