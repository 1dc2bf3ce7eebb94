-- The views: what a person with `sqlite3 tollbook.db` wants to read.

-- Every call in words: who, what, when, how much.
create view call_detail as
select
  c.seq,
  strftime('%Y-%m-%dT%H:%M:%fZ', (b.base_us + c.at_offset_us) / 1000000.0, 'unixepoch') as at,
  b.base_us + c.at_offset_us as at_us,
  d.team, d.project, d.user, d.key as api_key, d.environment, d.tags,
  d.route, d.provider, d.issuer, d.model, d.operation, d.tier, d.region, d.variant,
  case c.dimension_flags >> 2 & 3 when 0 then 'ok' when 1 then 'error' else 'canceled' end as outcome,
  case c.dimension_flags & 3 when 0 then 'exact' when 1 then 'partial' else 'unpriced' end as state,
  c.dimension_flags >> 4 & 1 as stream,
  c.input, c.cache_read, c.output,
  c.cost_n, c.margin_n, c.latency_ms,
  hex(c.key) as key, c.details,
  b.id as batch, d.id as dimension
from call c
join batch b on b.first_seq = (select max(first_seq) from batch where first_seq <= c.seq)
join dimension d on d.id = c.dimension_flags >> 5;

-- Entries as postings: debits positive, credits negative.
create view posting as
select id as entry, batch, date(day * 86400, 'unixepoch') as day, kind, debit as account, amount_n
from entry
union all
select id, batch, date(day * 86400, 'unixepoch'), kind, credit, -amount_n
from entry;

-- Balance of every account; each commodity's balances add up to nought.
create view trial_balance as
select a.name, a.commodity, sum(p.amount_n) as balance_n
from posting p join account a on a.id = p.account
group by a.id
order by a.name;

-- Spend of each UTC day by team, route, provider and model.
create view spend_daily as
select
  date(r.day * 86400, 'unixepoch') as day, d.team, d.route, d.provider, d.model,
  sum(r.calls) as calls, sum(r.errors) as errors, sum(r.unpriced) as unpriced,
  sum(r.cost_n) as cost_n,
  printf('%d.%09d', sum(r.cost_n) / 1000000000, abs(sum(r.cost_n) % 1000000000)) as cost_usd
from rollup_day r join dimension d on d.id = r.dimension
group by r.day, d.team, d.route, d.provider, d.model;
