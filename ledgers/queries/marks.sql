-- How far each sender's numbered lines are booked, the latest seen first.
select client, epoch, number, gaps, replays, seen_us from mark order by seen_us desc, client, epoch;
