-- The documents of re-pricing runs, in the order of booking.
select id, reference, recorded_us, text, batch from document where kind = 'reprice' order by id;
