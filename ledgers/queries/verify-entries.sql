-- Every entry as it is stored, in the order of booking.
select id, batch, day, kind, debit, credit, amount_n, ifnull(reverses, 0), ifnull(document, 0)
from entry order by id;
