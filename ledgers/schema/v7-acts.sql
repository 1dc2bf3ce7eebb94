-- What people say of incidents: who has one, who ends one, what is silenced, what was no alert.
--
-- The watch takes them in their order and notes what became of each; an act that has no answer waits for it.
create table act (
  id integer primary key autoincrement,
  at_us integer not null,
  author text not null check (length(author) between 1 and 200),
  kind text not null check (kind in ('ack', 'resolve', 'silence', 'unsilence', 'feedback')),
  -- The incident it is about; null for a silence.
  incident text check (length(incident) between 1 and 200),
  -- What else belongs to it, as a JSON object.
  body text not null default '{}' check (body glob '{*}' and length(body) <= 16384),
  -- What became of it: done, or why not.
  answer text check (length(answer) between 1 and 1000),
  check ((incident is null) = (kind in ('silence', 'unsilence')))
) strict;

create index act_waiting on act (id) where answer is null;

create trigger act_freezes before update of at_us, author, kind, incident, body on act
begin select raise(abort, 'what was said is not unsaid'); end;

create trigger act_is_answered_once before update of answer on act when old.answer is not null
begin select raise(abort, 'what became of an act is not taken back'); end;

-- A silence has the id of the act that it came of, and its matchers are `{"matchers":[{"name","form","value"},…]}`,
-- where form is equals, differs or begins. One of before is of no act, and the watch knows nothing of it.
delete from silence;
