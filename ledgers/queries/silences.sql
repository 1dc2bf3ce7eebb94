-- Silences that are in force at :now_us or will be, the first to end first.
select id, matchers, from_us, until_us, author, reason
from silence where until_us > :now_us order by until_us, id limit :most;
