-- How people decide and are reached: calendars, delegations, policies, principles, objectives, teams, channels,
-- notices, comments, recurrences, saved views, halts. Same rules as 0002: whole keys, id first, a typed column for
-- every field that is queried, everything else in `body`.

create table xvc.calendar (
  organization_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  subject_id uuid not null,
  body jsonb not null,
  primary key (id, organization_id),
  unique (organization_id, subject_id)
);

create table xvc.delegation (
  organization_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  from_id uuid not null,
  to_id uuid not null,
  state text not null,
  body jsonb not null,
  primary key (id, organization_id)
);
create index delegation_to on xvc.delegation (organization_id, to_id, id) where state = 'granted';
create index delegation_from on xvc.delegation (organization_id, from_id, id) where state = 'granted';

create table xvc.policy (
  organization_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  key text not null,
  policy_version integer not null,
  state text not null,
  body jsonb not null,
  primary key (id, organization_id),
  constraint policy_key_version unique (organization_id, key, policy_version)
);
create index policy_state on xvc.policy (organization_id, state, id);

create table xvc.principle (
  organization_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  number integer not null,
  state text not null,
  body jsonb not null,
  primary key (id, organization_id),
  constraint principle_number unique (organization_id, number)
);

create table xvc.objective (
  organization_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  number integer not null,
  state text not null,
  body jsonb not null,
  primary key (id, organization_id),
  constraint objective_number unique (organization_id, number)
);

create table xvc.team (
  organization_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  name text not null,
  state text not null,
  body jsonb not null,
  primary key (id, organization_id)
);

create table xvc.channel (
  organization_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  person_id uuid,
  kind text not null,
  state text not null,
  body jsonb not null,
  primary key (id, organization_id)
);
create index channel_person on xvc.channel (organization_id, person_id, id);

create table xvc.saved_view (
  organization_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  person_id uuid not null,
  page text not null,
  state text not null,
  body jsonb not null,
  primary key (id, organization_id)
);
create index saved_view_person on xvc.saved_view (organization_id, person_id, id);

create table xvc.halt (
  organization_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  scope text not null,
  scope_id text not null,
  state text not null,
  body jsonb not null,
  primary key (id, organization_id)
);
create index halt_set on xvc.halt (organization_id, id) where state = 'set';

create table xvc.notice (
  organization_id uuid not null,
  project_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  channel_id uuid not null,
  person_id uuid,
  subject_id uuid not null,
  state text not null,
  epoch integer not null,
  body jsonb not null,
  primary key (id, project_id, organization_id)
);
create index notice_state on xvc.notice (organization_id, project_id, state, id);
create index notice_subject on xvc.notice (organization_id, project_id, subject_id, id);
create index notice_channel on xvc.notice (organization_id, project_id, channel_id, id);
create index notice_person on xvc.notice (organization_id, project_id, person_id, id);

create table xvc.comment (
  organization_id uuid not null,
  project_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  request_id uuid not null,
  subject_id uuid not null,
  author_id uuid not null,
  state text not null,
  body jsonb not null,
  primary key (id, project_id, organization_id),
  foreign key (organization_id, project_id, request_id) references xvc.request (organization_id, project_id, id)
);
create index comment_request on xvc.comment (organization_id, project_id, request_id, id);
create index comment_subject on xvc.comment (organization_id, project_id, subject_id, id);

create table xvc.recurrence (
  organization_id uuid not null,
  project_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  state text not null,
  body jsonb not null,
  primary key (id, project_id, organization_id)
);
create index recurrence_state on xvc.recurrence (organization_id, project_id, state, id);

do $$
declare
  name text;
begin
  foreach name in array array[
    'calendar', 'delegation', 'policy', 'principle', 'objective', 'team', 'channel', 'saved_view', 'halt', 'notice', 'comment', 'recurrence']
  loop
    call xvc.protect_state_table(name);
  end loop;
end $$;

-- Secrets of channels, sealed with the installation's own key: outside the record of work, so no history, event or
-- answer holds one.
create table xvc_system.channel_secret (
  organization_id uuid not null,
  channel_id uuid not null,
  sealed text not null,
  primary key (channel_id, organization_id)
);

-- How far the log of an organization was turned into messages.
create table xvc_system.news_cursor (
  organization_id uuid primary key,
  cursor text not null
);

grant select, insert, update, delete on xvc_system.channel_secret, xvc_system.news_cursor to xvc_app;

-- Who is signed in, and what people brought in. Outside of row security like the other tables of xvc_system: ids, hashes
-- and the browser's own name for itself.
alter table xvc_system.session add column about text not null default '';

-- Null: every project that its person may enter.
alter table xvc_system.api_token add column project_ids uuid[];

create index one_time_link_person on xvc_system.one_time_link (organization_id, person_id) where used_at_ms is null;

-- Tries per key and window, such as sign-in links asked for an address. Two servers count in the same row.
create table xvc_system.try_count (
  key_sha256 text not null,
  window_at_ms bigint not null,
  expires_at_ms bigint not null,
  tries integer not null,
  primary key (key_sha256, window_at_ms)
);
create index try_count_expiry on xvc_system.try_count (expires_at_ms);

-- Content is stored by hash once, whoever brings it. Only who brought it, or sees a row that names it, may name it.
create table xvc_system.upload (
  organization_id uuid not null,
  person_id uuid not null,
  sha256 text not null,
  at_ms bigint not null,
  primary key (organization_id, person_id, sha256)
);
create index upload_age on xvc_system.upload (at_ms);

grant select, insert, update, delete on xvc_system.try_count, xvc_system.upload to xvc_app;
