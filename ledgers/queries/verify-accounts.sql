-- Every account as it is stored, in the order of its batch.
select id, name, commodity, kind, batch from account order by batch, id;
