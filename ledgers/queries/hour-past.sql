-- What calls came to in the UTC hour :hour and the one before it, one to four weeks ago; and the first hour with a call.
-- Hours back are :back_1 to :back_4: four weeks, an hour more or less where the zone's clocks were changed since.
with week (hours) as (
  values (ifnull(:back_1, 168)), (ifnull(:back_2, 336)), (ifnull(:back_3, 504)), (ifnull(:back_4, 672))),
past (hour) as (select :hour - hours from week union all select :hour - 1 - hours from week)
select hour,
  (select ifnull(sum(cost_n), 0) from rollup_hour r where r.hour = past.hour) as cost_n,
  (select min(hour) from rollup_hour) as first_hour
from past;
