-- What the watch has learnt: its parts, and the last bucket that each was shown.
select part, bucket, body from watch_state order by part;
