-- The first and the last UTC hour with a call; no hours for a ledger without calls.
select (select min(hour) from rollup_hour) as first_hour, (select max(hour) from rollup_hour) as last_hour;
