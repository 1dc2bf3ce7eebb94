-- What the writer says to the ledger. Each statement is led by its name; values are numbered.
-- new_call, new_turnover and wanted_call are no tables of the file: they are the batch's rows in memory.

-- insert_call: calls, the most frequent row by far; a number is the last one and one
insert into call (at_offset_us, dimension_flags, input, cache_read, output, cost_n, margin_n,
  latency_ms, key, details)
select c0, c1, c2, c3, c4, c5, c6, c7, blob, text from new_call;

-- insert_entry: one balanced movement
insert into entry (id, batch, day, kind, debit, credit, amount_n, reverses, document)
values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9);

-- insert_batch: the seal
insert into batch (id, committed_us, base_us, first_us, last_us, first_seq, last_seq, cost_n,
  unpriced, root, previous, hash)
values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12);

-- insert_card: a rate card at its first use
insert into rate_card (digest, file, text, batch) values (?1, ?2, ?3, ?4);

-- cards: the cards used before
select id, lower(hex(digest)) from rate_card;

-- insert_account: an account at its first entry
insert into account (name, commodity, kind, batch) values (?1, ?2, ?3, ?4);

-- find_account: the number of an account that is stored already
select id from account where name = ?1 and commodity = ?2;

-- accounts: the chart
select id, name, commodity from account;

-- find_dimension: the number of a dimension that is stored already
select id from dimension
where team = ?1 and project = ?2 and user = ?3 and key = ?4 and environment = ?5 and tags = ?6
  and route = ?7 and provider = ?8 and issuer = ?9 and model = ?10 and operation = ?11 and tier = ?12
  and region = ?13 and variant = ?14 and provider_inferred = ?15 and card = ?16 and direct_card = ?17
  and band = ?18 and unpriced_reason = ?19;

-- insert_dimension: a dimension at its first call
insert into dimension (team, project, user, key, environment, tags, route, provider, issuer, model,
  operation, tier, region, variant, provider_inferred, card, direct_card, band, unpriced_reason,
  batch)
values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20);

-- dimension_subject: the subject of a stored dimension
select team, project, user, key, environment, tags, route, provider, issuer, model, operation, tier,
  region, variant, provider_inferred
from dimension where id = ?1;

-- add_balance: what a batch moves on an account
insert into balance (account, debit_n, credit_n) values (?1, ?2, ?3)
on conflict (account) do update
set debit_n = debit_n + excluded.debit_n, credit_n = credit_n + excluded.credit_n;

-- add_hour: what a batch adds to an hour and dimension
insert into rollup_hour (hour, dimension, calls, errors, unpriced, partial, input, cache_read, output,
  cost_n, margin_n, latency_ms, latency_calls)
select c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12 from new_turnover where true
on conflict (hour, dimension) do update
set calls = calls + excluded.calls, errors = errors + excluded.errors,
  unpriced = unpriced + excluded.unpriced, partial = partial + excluded.partial,
  input = input + excluded.input, cache_read = cache_read + excluded.cache_read,
  output = output + excluded.output, cost_n = cost_n + excluded.cost_n,
  margin_n = margin_n + excluded.margin_n, latency_ms = latency_ms + excluded.latency_ms,
  latency_calls = latency_calls + excluded.latency_calls;

-- add_day: the same for its day
insert into rollup_day (day, dimension, calls, errors, unpriced, partial, input, cache_read, output,
  cost_n, margin_n, latency_ms, latency_calls)
select c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12 from new_turnover where true
on conflict (day, dimension) do update
set calls = calls + excluded.calls, errors = errors + excluded.errors,
  unpriced = unpriced + excluded.unpriced, partial = partial + excluded.partial,
  input = input + excluded.input, cache_read = cache_read + excluded.cache_read,
  output = output + excluded.output, cost_n = cost_n + excluded.cost_n,
  margin_n = margin_n + excluded.margin_n, latency_ms = latency_ms + excluded.latency_ms,
  latency_calls = latency_calls + excluded.latency_calls;

-- add_meter: what a batch adds to a meter of an hour and dimension
insert into rollup_meter (hour, dimension, meter, quantity) values (?1, ?2, ?3, ?4)
on conflict (hour, dimension, meter) do update set quantity = quantity + excluded.quantity;

-- move_mark: how far a sender's lines are settled
insert into mark (client, epoch, number, gaps, replays, seen_us) values (?1, ?2, ?3, ?4, ?5, ?6)
on conflict (client, epoch) do update
set number = max(number, excluded.number), gaps = gaps + excluded.gaps,
  replays = replays + excluded.replays, seen_us = excluded.seen_us;

-- marks: how far every sender's lines are settled
select client, epoch, number from mark;

-- open_messages: what every sender has open of streams
select client, epoch, messages from open_message;

-- keep_messages: what a sender has open of streams
insert into open_message (client, epoch, messages) values (?1, ?2, ?3)
on conflict (client, epoch) do update set messages = excluded.messages;

-- drop_messages: a sender has nothing open
delete from open_message where client = ?1 and epoch = ?2;

-- forget_messages: what is open of senders whose mark is forgotten
delete from open_message
where not exists (select 1 from mark m where m.client = open_message.client and m.epoch = open_message.epoch);

-- forget_marks: epochs that a client has left behind, and that nobody has resumed since ?1; files are
-- no such runs: each has an epoch of its own
delete from mark
where seen_us < ?1 and client not like 'file:%'
  and exists (select 1 from mark later where later.client = mark.client and later.epoch > mark.epoch);

-- newest_mark: the highest epoch of a client
select epoch, number from mark where client = ?1 order by epoch desc limit 1;

-- insert_letter: a line that became no call, or a call in quarantine
insert into dead_letter (received_us, client, number, reason, length, sha256, facts)
values (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- count_letters: dead letters without facts and with them
select count(*) - count(facts), count(facts) from dead_letter;

-- drop_letters: the oldest dead letters without facts, above a number; tells how far it came
delete from dead_letter
where id in (
  select id from dead_letter where id > ?1 and facts is null order by id limit ?2)
returning id;

-- drop_quarantined: the same for those with facts
delete from dead_letter
where id in (
  select id from dead_letter where id > ?1 and facts is not null order by id limit ?2)
returning id;

-- letter_digests: lines that became no call, the latest first
select id, sha256 from dead_letter where facts is null order by id desc;

-- drop_letter: a dead letter that is settled; tells whether it had facts
delete from dead_letter where id = ?1 returning facts is not null;

-- count_refusals: a reason's lines, for ever
insert into refusal (reason, lines) values (?1, ?2)
on conflict (reason) do update set lines = lines + excluded.lines;

-- set_book: a fact about the ledger
insert into book (name, value) values (?1, ?2) on conflict (name) do update set value = excluded.value;

-- get_book: a fact about the ledger
select value from book where name = ?1;

-- sums: all amounts and all quantities that were ever booked, for a ledger that does not keep them
select (select ifnull(sum(debit_n), 0) from balance),
  (select ifnull(sum(input + cache_read + output), 0) from rollup_day)
    + (select ifnull(sum(quantity), 0) from rollup_meter);

-- last_batch: the end of the chain
select id, last_seq, hash from batch order by id desc limit 1;

-- last_rows: the last call and entry, which the last batch must know of
select (select max(seq) from call), (select max(id) from entry), (select max(last_us) from batch);

-- prior_call: a booked call, to be compared with one of the same id; its price is the one in effect
select c.at_offset_us, c.dimension_flags, c.input, c.cache_read, c.output,
  iif(r.seq is null, c.cost_n, r.cost_n), iif(r.seq is null, c.margin_n, r.margin_n), c.details,
  ifnull(r.state, c.dimension_flags & 3), c.key, c.seq
from call c
left join recharge r on r.seq = c.seq
  and r.document = (select max(document) from recharge where seq = c.seq)
where c.seq = ?1;

-- prior_calls: the same of many calls, in their order
select c.at_offset_us, c.dimension_flags, c.input, c.cache_read, c.output,
  iif(r.seq is null, c.cost_n, r.cost_n), iif(r.seq is null, c.margin_n, r.margin_n), c.details,
  ifnull(r.state, c.dimension_flags & 3), c.key, c.seq
from wanted_call w
cross join call c on c.seq = w.c0
left join recharge r on r.seq = c.seq
  and r.document = (select max(document) from recharge where seq = c.seq);

-- base_of_call: what the call's offset is from; its batch's first call, last call and seal
select base_us, first_seq, last_seq, hash from batch where first_seq <= ?1 order by first_seq desc limit 1;

-- keys_of_calls: the ids of a run of calls, and how they ended
select seq, key, dimension_flags >> 2 & 3 from call where seq between ?1 and ?2;

-- add_observer: who told of a call that was booked before
insert into observer (id, client, shape) values (?1, ?2, ?3) on conflict (id) do nothing;

-- find_observation: what an observer told of a call before
select key from observation where seq = ?1 and observer = ?2;

-- insert_observation: that another told of a call
insert into observation (seq, observer, key, kind, noted_us) values (?1, ?2, ?3, ?4, ?5);

-- id_spans: the runs of older calls
select first_seq, last_seq, first_us, last_us, ids, moments from id_span order by first_seq;

-- insert_span: a run of calls that left the window
insert into id_span (first_seq, last_seq, first_us, last_us, ids, moments)
values (?1, ?2, ?3, ?4, ?5, ?6);

-- find_document: a document that is recorded already
select id, recorded_us, amount_n, text from document where kind = ?1 and issuer = ?2 and reference = ?3;

-- overdrawn: a grant of credits that has been spent beyond what was granted
select a.name from balance b join account a on a.id = b.account
where a.name like 'Assets:Credits:%' and b.debit_n < b.credit_n limit 1;

-- insert_document: what entries other than calls are made from
insert into document (kind, issuer, reference, recorded_us, amount_n, text, batch)
values (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- insert_recharge: what a booked call's row costs since a re-pricing run
insert into recharge (seq, document, dimension, cost_n, margin_n, state) values (?1, ?2, ?3, ?4, ?5, ?6);

-- drop_empty_hour: a row of the hours that re-pricing has moved everything out of
delete from rollup_hour
where hour = ?1 and dimension = ?2 and calls = 0 and errors = 0 and unpriced = 0 and partial = 0
  and input = 0 and cache_read = 0 and output = 0 and cost_n = 0 and margin_n = 0 and latency_ms = 0
  and latency_calls = 0;

-- drop_empty_day: the same of the days
delete from rollup_day
where day = ?1 and dimension = ?2 and calls = 0 and errors = 0 and unpriced = 0 and partial = 0
  and input = 0 and cache_read = 0 and output = 0 and cost_n = 0 and margin_n = 0 and latency_ms = 0
  and latency_calls = 0;

-- drop_empty_meters: the same of an hour's meters
delete from rollup_meter where hour = ?1 and dimension = ?2 and quantity = 0;
