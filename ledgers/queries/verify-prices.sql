-- The price in effect of every call's row that was re-priced: its latest recharge, in the calls' order.
select seq, max(document) as document, dimension, cost_n, margin_n, state
from recharge
group by seq
order by seq;
