-- What the writer says of the watch, by name: a line with a name and a colon opens each statement.

-- keep_part: a part of what it has learnt, in the place of the one before
insert into watch_state (part, bucket, body) values (?1, ?2, ?3)
on conflict (part) do update set bucket = excluded.bucket, body = excluded.body;

-- drop_parts: parts that were not kept with this bucket, such as those of budgets that are gone
delete from watch_state where bucket <> ?1;

-- answer_act: what became of what somebody said
update act set answer = ?2 where id = ?1 and answer is null;
