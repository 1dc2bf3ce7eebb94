-- The batches that documents were booked in: each holds the entries of one document.
select batch from document order by batch;
