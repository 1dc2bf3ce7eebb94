-- How many lines were refused for each reason, ever.
select reason, lines from refusal order by lines desc, reason;
