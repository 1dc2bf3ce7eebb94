-- The guards: what is booked stays as it is, and the chain has no gap.

create trigger call_keeps before update on call
begin select raise(abort, 'a booked call is never changed: book a correction'); end;
create trigger call_stays before delete on call
begin select raise(abort, 'a booked call is never deleted'); end;

create trigger entry_keeps before update on entry
begin select raise(abort, 'an entry is never changed: reverse it'); end;
create trigger entry_stays before delete on entry
begin select raise(abort, 'an entry is never deleted: reverse it'); end;

create trigger batch_keeps before update on batch
begin select raise(abort, 'a sealed batch is never changed'); end;
create trigger batch_stays before delete on batch
begin select raise(abort, 'a sealed batch is never deleted'); end;

create trigger rate_card_keeps before update on rate_card
begin select raise(abort, 'a used rate card is never changed: add one'); end;
create trigger rate_card_stays before delete on rate_card
begin select raise(abort, 'a used rate card is never deleted'); end;

create trigger dimension_keeps before update on dimension
begin select raise(abort, 'a dimension is never changed: add one'); end;
create trigger dimension_stays before delete on dimension
begin select raise(abort, 'a dimension is never deleted'); end;

create trigger account_keeps before update on account
begin select raise(abort, 'an account is never changed: open another'); end;
create trigger account_stays before delete on account
begin select raise(abort, 'an account is never deleted'); end;

create trigger document_keeps before update on document
begin select raise(abort, 'a document is never changed: record another'); end;
create trigger document_stays before delete on document
begin select raise(abort, 'a document is never deleted'); end;

create trigger book_keeps before update on book when old.name in ('ledger_id', 'created_us')
begin select raise(abort, 'a ledger keeps its id and its birth'); end;
create trigger book_stays before delete on book when old.name in ('ledger_id', 'created_us')
begin select raise(abort, 'a ledger keeps its id and its birth'); end;

-- Each batch follows the one before: id, first call and previous hash.
create trigger batch_follows before insert on batch
when new.id <> coalesce((select max(id) from batch), 0) + 1
  or coalesce(new.first_seq, new.last_seq + 1)
    <> coalesce((select last_seq from batch order by id desc limit 1), 0) + 1
  or new.previous <> coalesce((select hash from batch order by id desc limit 1), zeroblob(32))
begin select raise(abort, 'the batch does not follow the last one'); end;

-- Both accounts of an entry count the same thing.
create trigger entry_counts_one_thing before insert on entry
when (select commodity from account where id = new.debit)
  is not (select commodity from account where id = new.credit)
begin select raise(abort, 'the accounts of an entry count different things'); end;

-- A reversal mirrors what it takes back.
create trigger reversal_mirrors before insert on entry
when new.reverses is not null and not exists (
  select 1 from entry o
  where o.id = new.reverses and o.debit = new.credit and o.credit = new.debit
    and o.amount_n = new.amount_n)
begin select raise(abort, 'a reversal must mirror the entry it takes back'); end;
