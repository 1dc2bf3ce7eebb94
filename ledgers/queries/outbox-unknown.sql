-- Receivers that rows are due for, by name.
select distinct receiver from outbox where state = 'due' order by receiver;
