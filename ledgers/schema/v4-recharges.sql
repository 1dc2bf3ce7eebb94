-- Re-pricing: what booked calls cost by other cards than those they were booked by.
--
-- A call's row stays as it was booked. What it costs since stands here, once for each run that moved it;
-- the latest is the price in effect.

-- One narrow row for a call's row and the re-pricing run that moved it.
create table recharge (
  -- The call's row.
  seq integer not null,
  -- The run: a document of the kind `reprice`.
  document integer not null,
  -- Who and what, under the cards that the row costs by now.
  dimension integer not null,
  -- As in `call`: NULL for no price, and for a margin that is not known.
  cost_n integer,
  margin_n integer,
  -- 0 exact, 1 partial, 2 unpriced.
  state integer not null check (state between 0 and 2),
  primary key (seq, document),
  check ((state = 2) = (cost_n is null)),
  check (margin_n is null or cost_n is not null)
) strict, without rowid;

create trigger recharge_keeps before update on recharge
begin select raise(abort, 'a recharge is never changed: re-price again'); end;
create trigger recharge_stays before delete on recharge
begin select raise(abort, 'a recharge is never deleted: re-price again'); end;

-- A recharge is of a booked call, under a dimension that is there, by the newest run.
create trigger recharge_has_its_parts before insert on recharge
when not exists (select 1 from call where seq = new.seq)
  or not exists (select 1 from dimension where id = new.dimension)
  or new.document is not (select max(id) from document)
  or (select kind from document where id = new.document) is not 'reprice'
begin select raise(abort, 'a recharge needs its call, its dimension and its run'); end;

-- Every call in words: who, what, when, how much; what it was booked at, and what it costs since.
drop view call_detail;
create view call_detail as
select
  c.seq,
  strftime('%Y-%m-%dT%H:%M:%fZ', (b.base_us + c.at_offset_us) / 1000000.0, 'unixepoch') as at,
  b.base_us + c.at_offset_us as at_us,
  d.team, d.project, d.user, d.key as api_key, d.environment, d.tags,
  d.route, d.provider, d.issuer, d.model, d.operation, d.tier, d.region, d.variant,
  case c.dimension_flags >> 2 & 3 when 0 then 'ok' when 1 then 'error' else 'canceled' end as outcome,
  case ifnull(r.state, c.dimension_flags & 3)
    when 0 then 'exact' when 1 then 'partial' else 'unpriced' end as state,
  c.dimension_flags >> 4 & 1 as stream,
  c.input, c.cache_read, c.output,
  iif(r.seq is null, c.cost_n, r.cost_n) as cost_n,
  iif(r.seq is null, c.margin_n, r.margin_n) as margin_n,
  c.latency_ms,
  hex(c.key) as key, c.details,
  b.id as batch, d.id as dimension,
  case c.dimension_flags & 3 when 0 then 'exact' when 1 then 'partial' else 'unpriced' end
    as booked_state,
  c.cost_n as booked_cost_n, c.margin_n as booked_margin_n,
  c.dimension_flags >> 5 as booked_dimension,
  -- The run that it costs this since; NULL for what it was booked at.
  n.reference as repriced_by
from call c
join batch b on b.first_seq = (select max(first_seq) from batch where first_seq <= c.seq)
left join recharge r on r.seq = c.seq
  and r.document = (select max(document) from recharge where seq = c.seq)
left join document n on n.id = r.document
join dimension d on d.id = ifnull(r.dimension, c.dimension_flags >> 5);
