-- Every rate card that a call was priced by, or compared with.
select id, lower(hex(digest)) as digest, file, text, batch from rate_card order by id;
