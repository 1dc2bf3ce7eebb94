-- The first row of each call that another told of under an id with the digest :key.
--
-- As ids, these have no index: this reads every observation.
select seq from observation where key = :key order by seq;
