-- What people keep beside requests: entities by types of their own making, tags and relations on anything, and how work is
-- cut for people: epics over requests, sprints over tasks. Same rules as 0002: whole keys, id first, a typed column for every
-- field that is queried, everything else in `body`.

-- One row per version of a type's schema; the versions before stay for the entities that name them.
create table xvc.entity_type (
  organization_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  key text not null,
  schema_version integer not null,
  body jsonb not null,
  primary key (id, organization_id),
  constraint entity_type_version unique (organization_id, key, schema_version)
);

create table xvc.entity (
  organization_id uuid not null,
  project_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  type_key text not null,
  key text not null,
  title text not null,
  state text not null,
  updated_at_ms bigint not null,
  body jsonb not null,
  primary key (id, project_id, organization_id),
  constraint entity_key unique (organization_id, project_id, type_key, key)
);
create index entity_list on xvc.entity (organization_id, project_id, type_key, state, id);
-- In the order of the list itself, across the projects that somebody sees: the first page is read off the index, whatever lies behind it.
create index entity_updated on xvc.entity (organization_id, updated_at_ms desc nulls last, id desc, project_id);

-- One row for each subject, key and value, whatever the subject is. What is taken off stays as a row that says so.
create table xvc.tag (
  organization_id uuid not null,
  project_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  subject_kind text not null,
  subject_id uuid not null,
  key text not null,
  value text not null,
  state text not null,
  body jsonb not null,
  primary key (id, project_id, organization_id),
  constraint tag_value unique (organization_id, project_id, subject_id, key, value)
);
-- In the order of lists, across the projects that somebody sees, with what a list of subjects asks for: the first of many are read off the
-- index alone, without looking at the rest.
create index tag_subjects on xvc.tag (organization_id, key, value, subject_kind, id) include (project_id, subject_id, state);

create table xvc.relation (
  organization_id uuid not null,
  project_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  from_kind text not null,
  from_id uuid not null,
  role text not null,
  to_kind text not null,
  to_id uuid not null,
  state text not null,
  body jsonb not null,
  primary key (id, project_id, organization_id),
  constraint relation_ends unique (organization_id, project_id, from_id, role, to_id)
);
create index relation_to on xvc.relation (organization_id, project_id, to_id, role, id);

create table xvc.epic (
  organization_id uuid not null,
  project_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  number integer not null,
  state text not null,
  title text not null,
  body jsonb not null,
  primary key (id, project_id, organization_id),
  constraint epic_number unique (organization_id, project_id, number)
);
create index epic_state on xvc.epic (organization_id, project_id, state, id);

create table xvc.sprint (
  organization_id uuid not null,
  project_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  number integer not null,
  state text not null,
  starts_at_ms bigint not null,
  body jsonb not null,
  primary key (id, project_id, organization_id),
  constraint sprint_number unique (organization_id, project_id, number)
);
create index sprint_state on xvc.sprint (organization_id, project_id, state, id);

alter table xvc.request add column epic_id text generated always as (body ->> 'epicId') stored;
create index request_epic on xvc.request (organization_id, project_id, epic_id, id) where epic_id is not null;
alter table xvc.task add column sprint_id text generated always as (body ->> 'sprintId') stored;
create index task_sprint on xvc.task (organization_id, project_id, sprint_id, id) where sprint_id is not null;

do $$
declare
  name text;
begin
  foreach name in array array['entity_type', 'entity', 'tag', 'relation', 'epic', 'sprint']
  loop
    call xvc.protect_state_table(name);
  end loop;
end $$;

-- Purge: the content of every version before is replaced by its hash; that there was a version, when, by whom and why stays.
-- History stays append-only for everybody but this trigger, and each row is checked to lose nothing but its content.
-- docs/decisions/0015-purge-leaves-hashes.md

create function xvc.without_content(stored jsonb) returns jsonb
  language sql immutable parallel safe
  return jsonb_set(stored, '{title}', '""') || jsonb_build_object('body', (stored -> 'body') || jsonb_build_object(
    'data', '{}'::jsonb,
    'attachments', '[]'::jsonb,
    'contentSha256', encode(sha256(convert_to(stored::text, 'UTF8')), 'hex')));

create function xvc.purge_content() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('xvc.purging', new.id::text, true);
  update xvc.history h set row = xvc.without_content(h.row)
   where h.id = new.id and h.kind = 'entity' and h.organization_id = new.organization_id and h.project_id = new.project_id
     and h.version < new.version and not (h.row -> 'body') ? 'contentSha256';
  perform set_config('xvc.purging', '', true);
  return null;
end $$;

create trigger purge_content after update on xvc.entity for each row
  when (new.state = 'purged' and old.state <> 'purged') execute function xvc.purge_content();

create function xvc.refuse_other_change() returns trigger
  language plpgsql as $$
begin
  if old.kind = 'entity' and old.id::text = current_setting('xvc.purging', true)
     and (to_jsonb(new) - 'row') = (to_jsonb(old) - 'row') and new.row = xvc.without_content(old.row) then
    return new;
  end if;
  raise exception 'update of xvc.history is not possible: the table is append-only' using errcode = 'XV002';
end $$;

drop trigger append_only on xvc.history;
create trigger append_only before delete or truncate on xvc.history for each statement execute function xvc.refuse_change();
create trigger append_only_update before update on xvc.history for each statement
  when (coalesce(current_setting('xvc.purging', true), '') = '') execute function xvc.refuse_change();
create trigger append_only_purge before update on xvc.history for each row execute function xvc.refuse_other_change();
