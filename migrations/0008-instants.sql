-- The place of each version in the order of commits, as events have it: `txid` between transactions, `position` inside one. Whoever
-- reads changes on from a cursor misses none and meets none twice. The index grows at its right-most page only and takes the place of one by
-- time that nothing read; what was recorded at an instant is found by the key of the history, row by row.
--
-- No other index: rows are never deleted (nobody has the right), so at any instant the rows of a kind are among those that the state
-- table has now, and the state table's own indexes find them by whatever never changes of them.

alter table xvc.history
  add column txid xid8 not null default pg_current_xact_id(),
  add column position bigint generated always as identity;
drop index xvc.history_time;
create index history_order on xvc.history (organization_id, txid, position);
