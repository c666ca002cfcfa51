-- Personas that came from outside or with a newer library and wait for a person. Same rules as 0002: whole keys, id first, a typed column
-- for every field that is queried, everything else in `body`. docs/explanation/personas.md

create table xvc.persona_proposal (
  organization_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  key text not null,
  state text not null,
  body jsonb not null,
  primary key (id, organization_id)
);
create index persona_proposal_waiting on xvc.persona_proposal (organization_id, key) where state = 'proposed';

call xvc.protect_state_table('persona_proposal');
