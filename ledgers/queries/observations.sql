-- Who else told of the call that begins with the row :seq, the first first.
select b.client, b.shape, lower(hex(o.key)) as key, o.kind, o.noted_us
from observation o
join observer b on b.id = o.observer
where o.seq = :seq
order by o.noted_us, o.observer;
