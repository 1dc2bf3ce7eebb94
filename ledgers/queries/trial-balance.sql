-- Every account with what it has been debited and credited; all balances of a commodity add up to nought.
select a.id, a.name, a.commodity, b.debit_n, b.credit_n
from balance b join account a on a.id = b.account
order by a.name, a.commodity;
