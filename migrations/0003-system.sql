-- Tables without an organization: unreachable by queries of work, outside row security. Ids, hashes and
-- process facts only.

-- Who is a tenant here. Fed by trigger, so that sweepers can go through organizations one by one without a
-- role that sees all of them.
create table xvc_system.tenant (
  organization_id uuid primary key
);

create function xvc.register_tenant() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into xvc_system.tenant (organization_id) values (new.organization_id) on conflict do nothing;
  return null;
end $$;
create trigger register_tenant after insert on xvc.organization for each row execute function xvc.register_tenant();
revoke execute on function xvc.register_tenant() from public;

-- One row per running worker, on the database's clock. `lost_at` fences: from then on its owner must not
-- claim work, whatever its own clock says.
create table xvc_system.worker_lease (
  executor_id text primary key check (executor_id <> ''),
  host text not null,
  pid integer not null,
  -- Start of the process as the host counts it, so that a reused pid is not mistaken for its owner.
  process_mark text not null,
  started_at timestamptz not null default now(),
  beat_at timestamptz not null default now(),
  lost_at timestamptz
) with (fillfactor = 50);

create table xvc_system.session (
  token_sha256 text primary key,
  csrf_sha256 text not null,
  organization_id uuid not null,
  person_id uuid not null,
  created_at_ms bigint not null,
  seen_at_ms bigint not null,
  expires_at_ms bigint not null,
  ended_at_ms bigint
);
create index session_person on xvc_system.session (organization_id, person_id);
create index session_expiry on xvc_system.session (expires_at_ms);

create table xvc_system.one_time_link (
  secret_sha256 text primary key,
  purpose text not null,
  organization_id uuid,
  person_id uuid,
  created_at_ms bigint not null,
  expires_at_ms bigint not null,
  used_at_ms bigint
);
create index one_time_link_expiry on xvc_system.one_time_link (expires_at_ms);

create table xvc_system.api_token (
  token_sha256 text primary key,
  id uuid not null unique,
  organization_id uuid not null,
  person_id uuid not null,
  name text not null,
  scopes text[] not null,
  created_at_ms bigint not null,
  expires_at_ms bigint,
  used_at_ms bigint,
  revoked_at_ms bigint
);
create index api_token_person on xvc_system.api_token (organization_id, person_id);

-- The row that a health check writes and reads back.
create table xvc_system.probe (
  id integer primary key check (id = 1),
  checked_at_ms bigint not null
);
insert into xvc_system.probe (id, checked_at_ms) values (1, 0);

grant select on xvc_system.tenant to xvc_app;
grant select, insert, update, delete on xvc_system.worker_lease, xvc_system.session, xvc_system.one_time_link, xvc_system.api_token to xvc_app;
grant select, update on xvc_system.probe to xvc_app;
