-- The seal of batch :id.
select id, committed_us, first_seq, last_seq, cost_n, unpriced, lower(hex(hash)) as hash
from batch where id = :id;
