-- The last :count lines that became no call, the latest first.
select id, received_us, client, number, reason, length, lower(hex(sha256)) as sha256, facts
from dead_letter order by id desc limit :count;
