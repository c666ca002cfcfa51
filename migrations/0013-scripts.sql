-- Scripts people store: one row per version; the source of a version never changes. Same rules as 0002.
create table xvc.script (
  organization_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  key text not null,
  script_version integer not null,
  purpose text not null,
  state text not null,
  body jsonb not null,
  primary key (id, organization_id),
  constraint script_key_version unique (organization_id, key, script_version)
);
create unique index script_active on xvc.script (organization_id, key) where state = 'active';
call xvc.protect_state_table('script');
