-- Facts: one row for each attribute of a subject, whose periods in `body` say which value holds for when. What was believed when
-- is in the history of the row, as for all state. Same rules as 0002.
create table xvc.fact (
  organization_id uuid not null,
  project_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  subject_kind text not null,
  -- The id of a row, or words in the form they are compared in.
  subject_id text not null,
  attribute text not null,
  body jsonb not null,
  -- What is looked through for words; `factWords` in src/core/memory/fact.ts builds the same.
  words text generated always as ((body ->> 'subjectName') || ' ' || attribute) stored,
  primary key (id, project_id, organization_id),
  constraint fact_attribute unique (organization_id, project_id, subject_kind, subject_id, attribute)
);
create index fact_subject on xvc.fact (organization_id, project_id, subject_id, id);
call xvc.protect_state_table('fact');

-- A decision that belongs to no request is looked at again all the same; such an item names its project in `body`.
alter table xvc.inbox_item alter column request_id drop not null;

-- What is looked through for words; `decisionWords` in src/core/oversight/decision.ts builds the same.
alter table xvc.decision add column words text generated always as (
  coalesce(body ->> 'topic', '') || ' ' || coalesce(body ->> 'question', '') || ' ' || coalesce(body ->> 'rationale', '')) stored;
