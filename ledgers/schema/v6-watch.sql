-- What the watch has learnt, as bytes: a row for each of its parts, and for each bucket that was closed since they were
-- written, once an hour.
--
-- It is no book: it can be made again from the calls, but for what was told meanwhile. It moves on in the transaction
-- that puts notices into the outbox, so that a daemon that is killed tells nothing twice and forgets nothing.
create table watch_state (
  -- Such as series, incidents, rules, bucket.5984287.
  part text not null primary key check (length(part) between 1 and 200),
  -- The last bucket it was shown: five minutes each, counted from 1970-01-01T00:00:00Z.
  bucket integer not null,
  body blob not null
) strict;
