-- Alerts: incidents, what is to be sent of them, and what is silenced.
--
-- They are no books: rows change and are forgotten, and no seal covers them. What was sent can be told from here for
-- as long as it is kept.

-- One row for each incident: something that runs away, from its opening to its end.
create table incident (
  id text not null primary key check (length(id) between 1 and 200),
  -- What it is told from others by: a digest of rule and labels.
  fingerprint text not null check (length(fingerprint) between 1 and 200),
  rule text not null,
  -- An object of texts, as JSON: who and what.
  labels text not null check (labels glob '{*}'),
  state text not null check (state in ('firing', 'acked', 'resolved')),
  severity text not null check (severity in ('info', 'warning', 'critical')),
  opened_us integer not null,
  -- Of the last notice.
  last_us integer not null,
  closed_us integer,
  -- Spent beyond what was expected.
  excess_n integer not null,
  -- The last notice, as JSON.
  body text not null check (body glob '{*}'),
  acked_by text,
  check ((state = 'resolved') = (closed_us is not null)),
  check (state <> 'acked' or acked_by is not null)
) strict;

-- One incident of a fingerprint is open at a time.
create unique index incident_open on incident (fingerprint) where state in ('firing', 'acked');

-- One row for each notice and receiver: due, sent or dead.
create table outbox (
  -- In the order of making, which is the order of sending for an incident and a receiver.
  id integer primary key autoincrement,
  -- The notice; the same id is sent to a receiver once.
  event_id text not null check (length(event_id) between 1 and 200),
  incident text not null,
  receiver text not null check (length(receiver) between 1 and 64),
  kind text not null check (kind in ('firing', 'updated', 'resolved', 'test', 'digest', 'undelivered')),
  -- What is sent, frozen when the notice was made: every attempt sends the same bytes.
  body blob not null,
  made_us integer not null,
  state text not null default 'due' check (state in ('due', 'sent', 'dead')),
  -- Attempts that failed since the last that did not; those of them that may have arrived.
  attempts integer not null default 0 check (attempts >= 0),
  doubts integer not null default 0 check (doubts between 0 and attempts),
  next_us integer not null,
  -- The first success; a row that is due and has one is a state that is told again.
  delivered_us integer,
  -- The last answer, in a word or a number.
  last_status text,
  unique (event_id, receiver),
  check (state <> 'sent' or delivered_us is not null)
) strict;

create index outbox_due on outbox (receiver, id) where state = 'due';
create index outbox_incident on outbox (incident, receiver);

create trigger outbox_freezes before update of event_id, incident, receiver, kind, body, made_us on outbox
begin select raise(abort, 'what is in the outbox is sent as it was made'); end;

-- Matchers with a span of time: an incident whose labels they match is told to nobody meanwhile.
create table silence (
  id integer primary key autoincrement,
  -- An object of texts, as JSON: every name must have its value.
  matchers text not null check (matchers glob '{*}'),
  from_us integer not null,
  until_us integer not null,
  author text not null,
  reason text not null,
  check (until_us > from_us)
) strict;
