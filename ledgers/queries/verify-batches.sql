-- Every batch with its seal, in the order of the chain.
select id, committed_us, base_us, first_us, last_us, first_seq, last_seq, cost_n, unpriced, root,
  previous, hash
from batch order by id;
