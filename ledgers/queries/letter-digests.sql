-- Every line that became no call: its number and digest, the latest first. Calls in quarantine are no lines.
select id, lower(hex(sha256)) as sha256, reason from dead_letter where facts is null order by id desc;
