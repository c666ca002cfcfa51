-- What personas may call, and what became of each call. Same rules as 0002: whole keys, id first, a typed column for every field that is
-- queried, everything else in `body`. docs/decisions/0019-calls-are-decided-where-they-begin.md

create table xvc.capability (
  organization_id uuid not null,
  project_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  persona text not null,
  tool text not null,
  task_id uuid,
  state text not null,
  body jsonb not null,
  primary key (id, project_id, organization_id)
) with (fillfactor = 75);
create index capability_persona on xvc.capability (organization_id, project_id, persona, tool) where state = 'live';

create table xvc.standing_grant (
  organization_id uuid not null,
  project_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  tool text not null,
  state text not null,
  body jsonb not null,
  primary key (id, project_id, organization_id)
) with (fillfactor = 75);
create index standing_grant_tool on xvc.standing_grant (organization_id, project_id, tool) where state = 'live';

-- One row for each tool that people have said something about.
create table xvc.tool_pin (
  organization_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  tool text not null,
  body jsonb not null,
  primary key (id, organization_id),
  constraint tool_pin_tool unique (organization_id, tool)
);

create table xvc.tool_call (
  organization_id uuid not null,
  project_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  request_id uuid not null,
  task_id uuid not null,
  attempt_id uuid not null,
  item_id uuid,
  state text not null,
  tool text not null,
  call_sha256 text not null,
  body jsonb not null,
  primary key (id, project_id, organization_id),
  foreign key (organization_id, project_id, attempt_id) references xvc.attempt (organization_id, project_id, id)
) with (fillfactor = 75);
create index tool_call_task on xvc.tool_call (organization_id, project_id, task_id, call_sha256);
create index tool_call_attempt on xvc.tool_call (organization_id, project_id, attempt_id, state);
create index tool_call_item on xvc.tool_call (organization_id, project_id, item_id) where item_id is not null;
create index tool_call_open on xvc.tool_call (organization_id, project_id, id) where state = 'asked';

do $$
declare
  name text;
begin
  foreach name in array array['capability', 'standing_grant', 'tool_pin', 'tool_call']
  loop
    call xvc.protect_state_table(name);
  end loop;
end $$;
