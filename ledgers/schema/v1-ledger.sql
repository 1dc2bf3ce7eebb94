-- The ledger: calls, the balanced entries they make, and what is derived from both.
--
-- Amounts end in _n: whole nanodollars (1e-9 USD). Instants end in _us: microseconds since
-- 1970-01-01T00:00:00Z. Tables are strict, so that an overflow is an error and never a rounded
-- number. What is written stays: triggers refuse changes, and the chain in `batch` betrays them.

-- Facts about this file: its id, when it was made.
create table book (
  name text primary key,
  value text not null
) strict, without rowid;

-- Every rate card used, as the text its digest is of, so that a charge can be worked out again.
create table rate_card (
  id integer primary key,
  digest blob not null unique check (length(digest) = 32),
  file text not null,
  text text not null,
  batch integer not null
) strict;

-- The chart: kind is 1 assets, 2 liabilities, 3 equity, 4 income, 5 expenses.
create table account (
  id integer primary key,
  name text not null,
  commodity text not null check (commodity in ('USD', 'CALL')),
  kind integer not null check (kind between 1 and 5),
  batch integer not null,
  unique (name, commodity)
) strict;

-- Who called what under which cards: all that calls booked alike have in common.
create table dimension (
  id integer primary key,
  team text not null,
  project text not null,
  user text not null,
  key text not null,
  environment text not null,
  tags text not null,
  route text not null,
  provider text not null,
  issuer text not null,
  model text not null,
  operation text not null,
  tier text not null,
  region text not null,
  variant text not null,
  provider_inferred integer not null check (provider_inferred in (0, 1)),
  -- The card the issuer bills by, and the provider's direct card; 0 for none.
  card integer not null,
  direct_card integer not null,
  -- Context band of the card: 0 for its base rates.
  band integer not null,
  -- Why there is no card: the code of an unpriced reason; 0 when there is one.
  unpriced_reason integer not null check ((unpriced_reason = 0) = (card <> 0)),
  batch integer not null,
  unique (
    team, project, user, key, environment, tags, route, provider, issuer, model, operation, tier,
    region, variant, provider_inferred, card, direct_card, band, unpriced_reason)
) strict;

-- One row a commit: the seal over its calls and entries, chained to the one before.
create table batch (
  id integer primary key,
  committed_us integer not null,
  -- Instants of its calls are offsets from this one.
  base_us integer not null,
  first_us integer not null,
  last_us integer not null,
  -- NULL for a document's batch, which has no calls; its last call is then the one before it.
  first_seq integer unique,
  last_seq integer not null,
  cost_n integer not null,
  unpriced integer not null,
  root blob not null check (length(root) = 32),
  previous blob not null check (length(previous) = 32),
  hash blob not null check (length(hash) = 32),
  check (last_seq >= first_seq and last_us >= first_us)
) strict;

-- The batches that cover a moment: those of at most a minute lie close behind it in the first index,
-- the few others have one of their own.
create index batch_by_time on batch (last_us, first_us);
create index batch_by_time_wide on batch (last_us, first_us) where last_us - first_us > 60000000;

-- One narrow row a call, in the order of booking. `call_detail` is the view to read.
create table call (
  seq integer primary key,
  at_offset_us integer not null,
  -- dimension << 5 | stream << 4 | outcome << 2 | state
  -- outcome: 0 ok, 1 error, 2 canceled. state: 0 exact, 1 partial, 2 unpriced.
  dimension_flags integer not null,
  input integer not null,
  cache_read integer not null,
  output integer not null,
  -- NULL for a call without a price, which is not 0.
  cost_n integer,
  -- What the route added over the direct price; NULL when that is unknown.
  margin_n integer,
  latency_ms integer,
  -- Digest of the id (8 bytes), or of the id and of the provider's id (16).
  key blob,
  -- JSON of what few calls have: other meters, session, status, flags, the row it adds to.
  details text
) strict;

-- Invoices, top-ups, grants, re-pricing runs: what entries other than calls are made from.
create table document (
  id integer primary key,
  kind text not null,
  issuer text not null,
  reference text not null,
  recorded_us integer not null,
  amount_n integer,
  text text not null,
  batch integer not null,
  unique (kind, issuer, reference)
) strict;

-- One movement of money: debited, credited and above nought, so it cannot be out of balance.
create table entry (
  id integer primary key,
  batch integer not null references batch (id),
  -- The UTC day it belongs to, as days since 1970-01-01.
  day integer not null,
  kind integer not null,
  debit integer not null references account (id),
  credit integer not null references account (id),
  amount_n integer not null check (amount_n > 0),
  reverses integer references entry (id),
  document integer references document (id),
  check (debit <> credit)
) strict;

create unique index entry_reversed_once on entry (reverses) where reverses is not null;

-- How far each sender's numbered lines are booked; moved in the same commit as the lines.
create table mark (
  client text not null,
  epoch integer not null,
  number integer not null,
  -- Numbers that were skipped, and lines sent again though booked.
  gaps integer not null,
  replays integer not null,
  seen_us integer not null,
  primary key (client, epoch)
) strict, without rowid;

-- Lines that became no call, without their content; the oldest go when the table is full.
create table dead_letter (
  id integer primary key autoincrement,
  received_us integer not null,
  client text not null,
  number integer,
  reason text not null,
  length integer not null,
  sha256 blob not null check (length(sha256) = 32),
  -- For a well-read call whose id was booked with other content: its numbers and names.
  facts text
) strict;

-- How many lines were refused for each reason, ever: it outlives the dead letters themselves.
create table refusal (
  reason text primary key,
  lines integer not null
) strict, without rowid;

-- Derived: the moments of runs of older calls, by which a line that is sent again is looked for.
create table id_span (
  first_seq integer primary key,
  last_seq integer not null,
  first_us integer not null,
  last_us integer not null,
  ids integer not null,
  -- A bit for each quarter of a second that a call touches, folded into 2 KB.
  moments blob not null check (length(moments) = 2048)
) strict;

-- Derived: each account's turnover. Rebuilt and compared by `tollbook verify`.
create table balance (
  account integer primary key references account (id),
  debit_n integer not null,
  credit_n integer not null
) strict;

-- Derived: calls by UTC hour (hours since 1970) and dimension.
create table rollup_hour (
  hour integer not null,
  dimension integer not null,
  calls integer not null,
  errors integer not null,
  unpriced integer not null,
  partial integer not null,
  input integer not null,
  cache_read integer not null,
  output integer not null,
  cost_n integer not null,
  margin_n integer not null,
  latency_ms integer not null,
  latency_calls integer not null,
  primary key (hour, dimension)
) strict, without rowid;

-- Derived: the same by UTC day (days since 1970), for reports over long spans.
create table rollup_day (
  day integer not null,
  dimension integer not null,
  calls integer not null,
  errors integer not null,
  unpriced integer not null,
  partial integer not null,
  input integer not null,
  cache_read integer not null,
  output integer not null,
  cost_n integer not null,
  margin_n integer not null,
  latency_ms integer not null,
  latency_calls integer not null,
  primary key (day, dimension)
) strict, without rowid;

-- Derived: quantities of the meters that have no column of their own, by UTC hour.
create table rollup_meter (
  hour integer not null,
  dimension integer not null,
  meter text not null,
  quantity integer not null,
  primary key (hour, dimension, meter)
) strict, without rowid;
