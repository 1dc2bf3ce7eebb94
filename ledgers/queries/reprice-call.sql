-- The call's row :seq with its price in effect, as reprice-calls.sql has it.
select c.seq, b.base_us + c.at_offset_us as at_us, c.dimension_flags, c.input, c.cache_read, c.output,
  c.cost_n, c.margin_n, c.latency_ms, c.details, r.dimension, r.cost_n, r.margin_n, r.state
from call c
cross join batch b on b.first_seq = (select max(first_seq) from batch where first_seq <= c.seq)
left join recharge r on r.seq = c.seq
  and r.document = (select max(document) from recharge where seq = c.seq)
where c.seq = :seq;
