-- Coding agents that this installation may start. Same rules as 0002. What they are asked and what they said are turns of their attempts.

create table xvc.agent (
  organization_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  name text not null,
  state text not null,
  body jsonb not null,
  primary key (id, organization_id)
);
create unique index agent_name on xvc.agent (organization_id, name) where state <> 'removed';
call xvc.protect_state_table('agent');
