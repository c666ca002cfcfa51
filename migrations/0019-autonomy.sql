-- How far personas are trusted: suites and their runs, the ladder, and new versions beside old ones. Same rules as 0002: whole keys, id
-- first, a typed column for every field that is queried, everything else in `body`. docs/explanation/autonomy.md

create table xvc.suite (
  organization_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  key text not null,
  suite_version integer not null,
  body jsonb not null,
  primary key (id, organization_id),
  constraint suite_version unique (organization_id, key, suite_version)
);

-- A run belongs to the project whose providers and budgets hold for it.
create table xvc.qualification (
  organization_id uuid not null,
  project_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  persona_key text not null,
  state text not null,
  epoch integer not null,
  body jsonb not null,
  primary key (id, project_id, organization_id)
);
create index qualification_persona on xvc.qualification (organization_id, persona_key, id);
create index qualification_running on xvc.qualification (organization_id, project_id, id) where state = 'running';

create table xvc.autonomy (
  organization_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  persona_key text not null,
  task_type text not null,
  body jsonb not null,
  primary key (id, organization_id),
  constraint autonomy_type unique (organization_id, persona_key, task_type)
);

create table xvc.candidacy (
  organization_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  persona_key text not null,
  state text not null,
  body jsonb not null,
  primary key (id, organization_id)
);
create unique index candidacy_running on xvc.candidacy (organization_id, persona_key) where state = 'running';
create index candidacy_persona on xvc.candidacy (organization_id, persona_key, id);

do $$
declare
  name text;
begin
  foreach name in array array['suite', 'qualification', 'autonomy', 'candidacy']
  loop
    call xvc.protect_state_table(name);
  end loop;
end $$;
