-- Calls that several observers told of: each is booked once, and who else told of it stands here.
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
