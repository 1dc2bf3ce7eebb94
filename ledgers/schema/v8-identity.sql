-- What makes several lines one call: who else told of it, and which streams have begun and not ended.
--
-- A call is known to others by the provider's id for it, which its row's key holds. Nothing of an observation is
-- in an amount: where it told of more, that was booked as a row that adds to the call.

-- Who told of calls: a sender's client, empty in plain mode, and the shape of its lines. The number is a digest.
create table observer (
  id integer primary key check (id between 0 and 32767),
  client text not null,
  shape integer not null
) strict;

-- One row for each further observer of a call; `seq` is the call's first row.
create table observation (
  seq integer not null,
  observer integer not null references observer (id),
  -- Digest of its own id for the call; NULL for none.
  key blob check (length(key) = 8),
  -- 0: the same usage. 1: no usage. 2: less of a stream. 3: more, which was booked.
  kind integer not null check (kind between 0 and 3),
  -- When it was noted.
  noted_us integer not null,
  primary key (seq, observer)
) strict, without rowid;

create trigger observation_keeps before update on observation
begin select raise(abort, 'an observation is never changed'); end;
create trigger observation_stays before delete on observation
begin select raise(abort, 'an observation is never deleted'); end;
create trigger observation_of_a_call before insert on observation
when not exists (select 1 from call where seq = new.seq)
begin select raise(abort, 'an observation is of a booked call'); end;

-- Streams that a sender has begun and not ended, as lines of our own: what a later event without an id belongs
-- to. It moves in the transaction of the sender's mark, so that after a crash both go on from one line.
create table open_message (
  client text not null,
  epoch integer not null,
  -- A line each: digests of its ids, whether counts have come, and the start's names and numbers.
  messages text not null check (length(messages) between 1 and 100000),
  primary key (client, epoch)
) strict, without rowid;
