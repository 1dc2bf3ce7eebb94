-- How much the ledger holds. Rows of calls, entries and batches are numbered without gaps.
select
  (select ifnull(sum(calls), 0) from rollup_day) as calls,
  (select ifnull(max(last_seq), 0) from batch) as rows,
  (select ifnull(max(id), 0) from entry) as entries,
  (select ifnull(max(id), 0) from batch) as batches,
  (select count(*) from account) as accounts,
  (select count(*) from dimension) as dimensions,
  (select count(*) from rate_card) as cards,
  (select count(*) from dead_letter) as dead_letters,
  (select count(*) from observation) as observations,
  (select ifnull(sum(unpriced), 0) from rollup_day) as unpriced,
  (select ifnull(sum(cost_n), 0) from rollup_day) as cost_n,
  (select committed_us from batch order by id desc limit 1) as last_commit_us,
  (select lower(hex(hash)) from batch order by id desc limit 1) as head;
