-- The documents of credits and prepaid money, in the order they were recorded.
select kind, issuer, reference, amount_n, text from document
where kind in ('grant', 'credit_use', 'credit_expiry', 'top_up', 'settlement', 'allowance')
order by id;
