-- Model providers, and each call of a model in an attempt. Same rules as 0002: whole keys, id first, a typed column for every field that
-- is queried, everything else in `body`. Keys of providers are in no row: they are sealed beside those of channels.

create table xvc.provider (
  organization_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  name text not null,
  state text not null,
  body jsonb not null,
  primary key (id, organization_id)
);
create unique index provider_name on xvc.provider (organization_id, name) where state <> 'removed';

-- The turns of a thread in order are a conversation; two workers can never write the same place of it.
create table xvc.turn (
  organization_id uuid not null,
  project_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  request_id uuid not null,
  task_id uuid not null,
  attempt_id uuid not null,
  thread_id uuid not null,
  number integer not null,
  state text not null,
  body jsonb not null,
  primary key (id, project_id, organization_id),
  constraint turn_number unique (organization_id, project_id, thread_id, number),
  foreign key (organization_id, project_id, attempt_id) references xvc.attempt (organization_id, project_id, id)
) with (fillfactor = 75);
create index turn_attempt on xvc.turn (organization_id, project_id, attempt_id, number);
create index turn_task on xvc.turn (organization_id, project_id, task_id, id);

do $$
declare
  name text;
begin
  foreach name in array array['provider', 'turn']
  loop
    call xvc.protect_state_table(name);
  end loop;
end $$;
