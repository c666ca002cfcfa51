-- One table per kind of src/engine/ports/entity-tables.ts: whole keys (id first: see the policies), a typed column for every field that is
-- queried, everything else in `body`. A test compares the columns with that list.
--
-- Write cost. Rows change state several times and stay small, so hot tables leave room on each page
-- (fillfactor). Indexes that hold `state` forgo heap-only updates; each is there because a list, a sweeper or
-- an inbox finds rows by it.
--
-- Foreign keys carry the whole key (their checks pass row security by). They are where the parent row is
-- written or locked by the same command anyway: request, plan, task, attempt. inbox_item, decision and clock
-- have none: their subject may be of any kind, and a check against the request would make every question of a
-- large request touch one shared row.

create table xvc.organization (
  organization_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  name text not null,
  body jsonb not null,
  primary key (id, organization_id),
  check (organization_id = id)
);

create table xvc.person (
  organization_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  name text not null,
  email text,
  state text not null,
  body jsonb not null,
  primary key (id, organization_id),
  foreign key (organization_id, organization_id) references xvc.organization (organization_id, id)
);
create index person_email on xvc.person (organization_id, email) where email is not null;

create table xvc.project (
  organization_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  key text not null,
  mode text not null,
  state text not null,
  clock_at_ms bigint,
  body jsonb not null,
  primary key (id, organization_id),
  constraint project_key unique (organization_id, key),
  foreign key (organization_id, organization_id) references xvc.organization (organization_id, id)
) with (fillfactor = 85);

create table xvc.persona (
  organization_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  key text not null,
  persona_version integer not null,
  body jsonb not null,
  primary key (id, organization_id),
  constraint persona_key_version unique (organization_id, key, persona_version)
);

create table xvc.playbook (
  organization_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  name text not null,
  playbook_version integer not null,
  body jsonb not null,
  primary key (id, organization_id),
  constraint playbook_name_version unique (organization_id, name, playbook_version)
);

create table xvc.request (
  organization_id uuid not null,
  project_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  number integer not null,
  title text not null,
  state text not null,
  epoch integer not null,
  requester_id uuid not null,
  rehearsal boolean not null,
  state_since_ms bigint not null,
  body jsonb not null,
  primary key (id, project_id, organization_id),
  constraint request_number unique (organization_id, project_id, number),
  foreign key (organization_id, project_id) references xvc.project (organization_id, id)
) with (fillfactor = 80);
create index request_state on xvc.request (organization_id, project_id, state, id);
create index request_requester on xvc.request (organization_id, project_id, requester_id, id);

create table xvc.plan (
  organization_id uuid not null,
  project_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  request_id uuid not null,
  number integer not null,
  state text not null,
  open_sinks integer not null,
  body jsonb not null,
  primary key (id, project_id, organization_id),
  constraint plan_number unique (organization_id, project_id, request_id, number),
  foreign key (organization_id, project_id, request_id) references xvc.request (organization_id, project_id, id)
) with (fillfactor = 80);

create table xvc.task (
  organization_id uuid not null,
  project_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  request_id uuid not null,
  plan_id uuid not null,
  key text not null,
  ordinal integer not null,
  state text not null,
  waiting_on integer not null check (waiting_on >= 0),
  body jsonb not null,
  primary key (id, project_id, organization_id),
  constraint task_key unique (organization_id, project_id, plan_id, key),
  foreign key (organization_id, project_id, plan_id) references xvc.plan (organization_id, project_id, id)
) with (fillfactor = 75);
create index task_state on xvc.task (organization_id, project_id, state, id);
create index task_request on xvc.task (organization_id, project_id, request_id, id);

create table xvc.attempt (
  organization_id uuid not null,
  project_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  task_id uuid not null,
  request_id uuid not null,
  number integer not null,
  state text not null,
  epoch integer not null,
  body jsonb not null,
  primary key (id, project_id, organization_id),
  constraint attempt_number unique (organization_id, project_id, task_id, number),
  foreign key (organization_id, project_id, task_id) references xvc.task (organization_id, project_id, id)
) with (fillfactor = 75);
create index attempt_state on xvc.attempt (organization_id, project_id, state, id);
create index attempt_request on xvc.attempt (organization_id, project_id, request_id, id);

create table xvc.review (
  organization_id uuid not null,
  project_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  task_id uuid not null,
  attempt_id uuid not null,
  request_id uuid not null,
  state text not null,
  epoch integer not null,
  body jsonb not null,
  primary key (id, project_id, organization_id),
  foreign key (organization_id, project_id, attempt_id) references xvc.attempt (organization_id, project_id, id)
) with (fillfactor = 80);
create index review_task on xvc.review (organization_id, project_id, task_id, id);
create index review_attempt on xvc.review (organization_id, project_id, attempt_id, id);
create index review_request on xvc.review (organization_id, project_id, request_id, id);
create index review_state on xvc.review (organization_id, project_id, state, id);

create table xvc.effect (
  organization_id uuid not null,
  project_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  effect_key text not null,
  request_id uuid not null,
  task_id uuid not null,
  state text not null,
  body jsonb not null,
  primary key (id, project_id, organization_id),
  constraint effect_key unique (organization_id, project_id, effect_key),
  foreign key (organization_id, project_id, task_id) references xvc.task (organization_id, project_id, id)
) with (fillfactor = 80);
create index effect_task on xvc.effect (organization_id, project_id, task_id, id);
create index effect_request on xvc.effect (organization_id, project_id, request_id, id);
create index effect_state on xvc.effect (organization_id, project_id, state, id);

create table xvc.inbox_item (
  organization_id uuid not null,
  project_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  kind text not null,
  request_id uuid not null,
  subject_id uuid not null,
  state text not null,
  due_at_ms bigint,
  body jsonb not null,
  primary key (id, project_id, organization_id)
) with (fillfactor = 85);
create index inbox_item_state on xvc.inbox_item (organization_id, project_id, state, id);
create index inbox_item_request on xvc.inbox_item (organization_id, project_id, request_id, id);
create index inbox_item_subject on xvc.inbox_item (organization_id, project_id, subject_id, id);
create index inbox_item_due on xvc.inbox_item (organization_id, project_id, due_at_ms)
  where state in ('open', 'delegated') and due_at_ms is not null;

create table xvc.decision (
  organization_id uuid not null,
  project_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  request_id uuid,
  subject_id uuid not null,
  state text not null,
  body jsonb not null,
  primary key (id, project_id, organization_id)
);
create index decision_request on xvc.decision (organization_id, project_id, request_id, id);
create index decision_subject on xvc.decision (organization_id, project_id, subject_id, id);
create index decision_state on xvc.decision (organization_id, project_id, state, id);

create table xvc.clock (
  organization_id uuid not null,
  project_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  state text not null,
  subject_id uuid not null,
  due_at_ms bigint not null,
  body jsonb not null,
  primary key (id, project_id, organization_id)
) with (fillfactor = 85);
create index clock_due on xvc.clock (organization_id, project_id, due_at_ms) where state = 'set';
create index clock_subject on xvc.clock (organization_id, project_id, subject_id, id);

create table xvc.deliverable (
  organization_id uuid not null,
  project_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  request_id uuid not null,
  plan_id uuid not null,
  state text not null,
  body jsonb not null,
  primary key (id, project_id, organization_id),
  foreign key (organization_id, project_id, request_id) references xvc.request (organization_id, project_id, id)
);
create index deliverable_request on xvc.deliverable (organization_id, project_id, request_id, id);
create index deliverable_state on xvc.deliverable (organization_id, project_id, state, id);

do $$
declare
  name text;
begin
  foreach name in array array[
    'organization', 'person', 'project', 'persona', 'playbook', 'request', 'plan', 'task', 'attempt', 'review',
    'effect', 'inbox_item', 'decision', 'clock', 'deliverable']
  loop
    call xvc.protect_state_table(name);
  end loop;
end $$;

-- Request numbers: one sequence per project, made with it. A counter in the project's row would make every
-- new request of a project wait for the one before; a sequence takes no lock and leaves gaps instead.
create function xvc.create_request_numbers() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  execute format('create sequence xvc.%I as integer', 'request_number_' || replace(new.id::text, '-', ''));
  return null;
end $$;
create trigger request_numbers after insert on xvc.project for each row execute function xvc.create_request_numbers();

-- The app role has no right on the sequences; the context decides which one it may draw from.
create function xvc.next_request_number(project uuid) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not (project = any (xvc.project_ids()))
     or not exists (select from xvc.project p where p.organization_id = xvc.org() and p.id = project) then
    raise exception 'project % is not in the context', project using errcode = 'XV003';
  end if;
  return nextval(format('xvc.%I', 'request_number_' || replace(project::text, '-', ''))::regclass);
end $$;

revoke execute on all routines in schema xvc from public;
grant execute on function xvc.next_request_number(uuid) to xvc_app;
