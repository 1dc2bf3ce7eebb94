-- Every rollup of a meter as it is stored.
select hour, dimension, meter, quantity from rollup_meter;
