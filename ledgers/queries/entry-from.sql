-- The first entry numbered :id or above, and its batch: entries are numbered in their batches' order.
select id, batch from entry where id >= :id order by id limit 1;
