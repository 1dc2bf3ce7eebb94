-- Every rate card as it is stored, in the order of its batch.
select id, digest, file, text, batch from rate_card order by batch, id;
