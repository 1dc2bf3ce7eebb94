-- What calls of each UTC day from :from_day up to :to_day cost, and how many have no price, by who bills them.
select r.day, d.issuer, sum(r.cost_n) as cost_n, sum(r.unpriced) as unpriced
from rollup_day r join dimension d on d.id = r.dimension
where r.day >= :from_day and r.day < :to_day
group by r.day, d.issuer;
