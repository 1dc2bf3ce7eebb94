-- Every recharge as it is stored, run by run.
select document, seq, dimension, cost_n, margin_n, state from recharge order by document, seq;
