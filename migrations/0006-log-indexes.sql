-- The log is read by kind (what is measured), by person (who did what) and by time, always from its newest end.
-- Each index grows at its right-most page only, so an event costs little more to write.
create index event_kind on xvc.event (organization_id, kind, txid, position);
create index event_person on xvc.event (organization_id, actor_id, txid, position) where actor_kind = 'person';
create index event_time on xvc.event (organization_id, recorded_at_ms);
