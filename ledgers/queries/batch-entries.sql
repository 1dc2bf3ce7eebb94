-- The entries of batch :batch, with the names of their accounts.
--
-- :first_entry may be 0; the number of the batch's first entry spares reading those before it.
select e.id, e.batch, e.day, e.kind, d.name as debit, c.name as credit, d.commodity, e.amount_n
from entry e
join account d on d.id = e.debit
join account c on c.id = e.credit
where e.id >= :first_entry
  and e.id < ifnull((select id from entry where id >= :first_entry and batch > :batch order by id limit 1), 9223372036854775807)
  and e.batch = :batch
order by e.id;
