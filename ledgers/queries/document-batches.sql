-- The batches that documents were booked in: each holds the entries of one document.
--
-- But for re-pricing runs, whose difference stands in the rollups of the calls that they moved.
select batch from document where kind <> 'reprice' order by batch;
