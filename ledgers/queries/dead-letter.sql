-- The dead letter with the number :id.
select id, received_us, client, number, reason, length, lower(hex(sha256)) as sha256, facts
from dead_letter where id = :id;
