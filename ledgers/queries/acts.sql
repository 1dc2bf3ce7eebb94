-- What the writer does about acts and silences, by name: a line with a name and a colon opens each statement.

-- add_act: what somebody says, to be answered by the watch
insert into act (at_us, author, kind, incident, body) values (?1, ?2, ?3, ?4, ?5);

-- count_waiting: acts that have no answer
select count(*) from (select 1 from act where answer is null limit ?1);

-- forget_old: acts that were answered long ago
delete from act where id in (
  select id from act where answer is not null and at_us < ?1 order by id limit ?2);

-- forget_many: the oldest that were answered, beyond a number of acts
delete from act where id in (
  select id from act where answer is not null
  order by id
  limit max(0, min(?2, (select count(*) from act) - ?1)));

-- add_silence: one that is in force from its first instant on, under the id of its act
insert or replace into silence (id, matchers, from_us, until_us, author, reason) values (?1, ?2, ?3, ?4, ?5, ?6);

-- end_silence: it is in force no more
delete from silence where id = ?1;

-- forget_silences: those that are over
delete from silence where until_us <= ?1;
