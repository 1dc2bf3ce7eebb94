-- What moved from account to account on each UTC day from :from_day up to :to_day, by kind.
select day, kind, debit, credit, sum(amount_n) as amount_n, count(*) as entries
from entry
where day >= :from_day and day < :to_day
group by day, kind, debit, credit
order by day, kind, debit, credit;
