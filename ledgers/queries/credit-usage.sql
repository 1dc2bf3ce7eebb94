-- What calls of each UTC day from :from_day up to :to_day cost, by who bills them.
select r.day, d.issuer, sum(r.cost_n) as cost_n
from rollup_day r join dimension d on d.id = r.dimension
where r.day >= :from_day and r.day < :to_day
group by r.day, d.issuer;
