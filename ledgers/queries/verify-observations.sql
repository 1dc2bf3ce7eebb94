-- Every observation, with the key of the call's first row and whether that row adds to another.
select o.seq, o.observer, c.key, c.details
from observation o
left join call c on c.seq = o.seq
order by o.seq, o.observer;
