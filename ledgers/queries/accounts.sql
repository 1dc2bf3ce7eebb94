-- The chart: every account, in the order of opening.
select id, name, commodity from account order by id;
