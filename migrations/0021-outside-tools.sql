-- Servers outside that bring tools, and each of their tools as it is described and as a person allowed it. Same rules as 0002.

create table xvc.tool_server (
  organization_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  name text not null,
  state text not null,
  body jsonb not null,
  primary key (id, organization_id)
);
create unique index tool_server_name on xvc.tool_server (organization_id, name) where state <> 'removed';

create table xvc.outside_tool (
  organization_id uuid not null,
  id uuid not null,
  version integer not null,
  event_count integer not null,
  server_id uuid not null,
  name text not null,
  state text not null,
  body jsonb not null,
  primary key (id, organization_id),
  constraint outside_tool_name unique (organization_id, server_id, name),
  foreign key (organization_id, server_id) references xvc.tool_server (organization_id, id)
);

call xvc.protect_state_table('tool_server');
call xvc.protect_state_table('outside_tool');
