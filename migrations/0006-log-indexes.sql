-- What numbers over many events are grouped by and made of, lifted out of `data` by the database itself: an index can then answer by
-- itself, where a hundred thousand events would have to be fetched and their `data` taken apart. A text of more than 100 characters
-- counts as none, so that no event is ever too long for the index.
alter table xvc.event
  add column data_from text generated always as (case when length(data ->> 'from') <= 100 then data ->> 'from' end) stored,
  add column data_round text generated always as (case when length(data ->> 'round') <= 100 then data ->> 'round' end) stored,
  add column data_verdict text generated always as (case when length(data ->> 'verdict') <= 100 then data ->> 'verdict' end) stored,
  add column data_performer text generated always as (case when length(data ->> 'performer') <= 100 then data ->> 'performer' end) stored,
  add column data_ms double precision
    generated always as (case when jsonb_typeof(data -> 'ms') = 'number' then (data ->> 'ms')::double precision end) stored,
  add column data_ms_waited double precision
    generated always as (case when jsonb_typeof(data -> 'msWaited') = 'number' then (data ->> 'msWaited')::double precision end) stored,
  add column data_ms_in_state double precision
    generated always as (case when jsonb_typeof(data -> 'msInState') = 'number' then (data ->> 'msInState')::double precision end) stored;

-- The log is read by kind (what is measured), by person (who did what) and by time, always from its newest end.
-- Each index grows at its right-most page only, so an event costs little more to write.
create index event_kind on xvc.event (organization_id, kind, txid, position)
  include (project_id, at_ms, recorded_at_ms, data_from, data_round, data_verdict, data_performer, data_ms, data_ms_waited, data_ms_in_state);
create index event_person on xvc.event (organization_id, actor_id, txid, position) where actor_kind = 'person';
create index event_time on xvc.event (organization_id, recorded_at_ms);
