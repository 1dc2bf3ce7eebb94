-- Every document as it is stored, in the order of its batch.
select id, kind, issuer, reference, recorded_us, amount_n, text, batch from document order by batch, id;
