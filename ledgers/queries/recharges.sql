-- What the call's row :seq costs since each re-pricing run that moved it, in the order of the runs.
select r.document, n.reference, n.recorded_us, n.batch, r.dimension, r.cost_n, r.margin_n, r.state
from recharge r
join document n on n.id = r.document
where r.seq = :seq
order by r.document;
