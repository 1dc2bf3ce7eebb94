-- Ids of incidents that begin with :prefix, the latest first.
select id from incident where id >= :prefix and id < :beyond order by last_us desc limit :most;
