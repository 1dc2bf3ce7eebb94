-- What calls came to in the UTC hour :hour and the one before it, one to four weeks ago; and the first hour with a call.
with week (hours) as (values (168), (336), (504), (672)),
past (hour) as (select :hour - hours from week union all select :hour - 1 - hours from week)
select hour,
  (select ifnull(sum(cost_n), 0) from rollup_hour r where r.hour = past.hour) as cost_n,
  (select min(hour) from rollup_hour) as first_hour
from past;
