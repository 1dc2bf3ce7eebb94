-- Every row of a call behind :after that began from :from_us up to :to_us, with its price in effect.
--
-- Columns of `recharge` are NULL where the price is still the booked one. In the order of booking: by
-- batches, whose times are only looked at (the + keeps SQLite from going by them).
select c.seq, b.base_us + c.at_offset_us as at_us, c.dimension_flags, c.input, c.cache_read, c.output,
  c.cost_n, c.margin_n, c.latency_ms, c.details, r.dimension, r.cost_n, r.margin_n, r.state
from batch b
cross join call c
left join recharge r on r.seq = c.seq
  and r.document = (select max(document) from recharge where seq = c.seq)
where +b.last_us >= :from_us and +b.first_us < :to_us and +b.last_seq > :after
  and b.first_seq is not null
  and c.seq between max(b.first_seq, :after + 1) and b.last_seq
  and c.at_offset_us >= :from_us - b.base_us and c.at_offset_us < :to_us - b.base_us
order by b.id, c.seq;
