-- What the call's row :seq cost by the latest run up to the document :document; no row for as booked.
select dimension, cost_n, margin_n, state
from recharge
where seq = :seq and document <= :document
order by document desc
limit 1;
