-- The row behind which every call stands that began from :from_us on, and the last row there is.
--
-- By the index on instants: by that on rows, SQLite would walk through all batches to the first that is late enough.
select
  (select min(first_seq) - 1 from batch indexed by batch_by_time where last_us >= :from_us and first_seq is not null)
    as after_seq,
  ifnull((select last_seq from batch order by id desc limit 1), 0) as last_seq;
