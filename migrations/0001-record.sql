-- The record: who may see what (context and row security), and the three append-only tables that state
-- tables feed: command, event, history. Runs as xvc_owner; schemas and roles exist already.
-- SQL level: PostgreSQL 15.

-- ---------------------------------------------------------------------------------------------------------
-- Context. Every transaction sets it with set_config(..., true). Unset and empty (what a pooled connection
-- leaves behind) are errors, never "no filter". Policies call these inside (select ...): one InitPlan per
-- statement instead of one call per row.
--
-- Policies end in "is true", which no index can serve, on purpose. A kept plan is made while tables are empty
-- and every condition looks equally selective; given the choice, the planner then finds one row by reading its
-- whole project, and goes on doing so when the project has grown. So by-id statements can only use the key,
-- which begins with the id, and statements that list rows name organization and project themselves.
-- ---------------------------------------------------------------------------------------------------------

create function xvc.missing_setting(name text) returns text
  language plpgsql stable parallel safe as $$
begin
  raise exception 'setting % is missing in this transaction', name using errcode = 'XV001';
end $$;

-- Plain SQL, so that it is inlined wherever it is called.
create function xvc.setting(name text) returns text
  language sql stable parallel safe
  return coalesce(nullif(pg_catalog.current_setting(name, true), ''), xvc.missing_setting(name));

create function xvc.org() returns uuid
  language sql stable parallel safe
  return xvc.setting('xvc.organization_id')::uuid;

-- An empty list ('{}') is a context: it shows organization rows and no project rows.
create function xvc.project_ids() returns uuid[]
  language sql stable parallel safe
  return xvc.setting('xvc.project_ids')::uuid[];

-- One instant per transaction, taken at its first write: every row of one command changes at the same
-- recorded moment, and because rows are locked before they are written it never runs backwards for a row.
-- A value set by the caller counts only if it lies inside the transaction.
--
-- Plain SQL around the one call that takes it: a default is computed for every row, and the plans inside a
-- plpgsql function are made again whenever it is called under another search path, as by a trigger's function.
create function xvc.take_recorded_at_ms() returns bigint
  language plpgsql volatile as $$
declare
  present bigint := floor(extract(epoch from pg_catalog.clock_timestamp()) * 1000);
begin
  perform pg_catalog.set_config('xvc.recorded_at_ms', present::text, true);
  return present;
end $$;

create function xvc.recorded_at_ms() returns bigint
  language sql volatile
  return case
    when nullif(pg_catalog.current_setting('xvc.recorded_at_ms', true), '')::bigint
         between floor(extract(epoch from pg_catalog.transaction_timestamp()) * 1000)
             and floor(extract(epoch from pg_catalog.clock_timestamp()) * 1000)
    then pg_catalog.current_setting('xvc.recorded_at_ms', true)::bigint
    else xvc.take_recorded_at_ms() end;

-- ---------------------------------------------------------------------------------------------------------
-- Append-only tables. Keys are whole (organization, project), also in unique constraints: a key shared
-- between projects would tell what exists next door. project_id is null for commands of the organization.
-- ---------------------------------------------------------------------------------------------------------

-- Written once, with its answer, when the command's transition is written. Two callers with one key meet at
-- an advisory lock before this row exists, so it needs no second write.
create table xvc.command (
  organization_id uuid not null,
  project_id uuid,
  key text not null check (length(key) between 1 and 500),
  kind text not null,
  body_sha256 text not null,
  outcome jsonb not null,
  actor_kind text not null default xvc.setting('xvc.actor_kind'),
  actor_id text not null default xvc.setting('xvc.actor_id'),
  at_ms bigint not null,
  recorded_at_ms bigint not null default xvc.recorded_at_ms(),
  constraint command_key unique nulls not distinct (key, project_id, organization_id)
);

-- `position` orders inside a transaction, `txid` between transactions: a reader that stops at the oldest
-- open transaction (txid < pg_snapshot_xmin) never passes an event that is not visible yet.
create table xvc.event (
  organization_id uuid not null,
  project_id uuid,
  position bigint generated always as identity,
  txid xid8 not null default pg_current_xact_id(),
  subject_kind text not null,
  subject_id uuid not null,
  number integer not null check (number >= 1),
  kind text not null,
  request_id uuid generated always as
    (case when subject_kind = 'request' then subject_id else (data ->> 'requestId')::uuid end) stored,
  actor_kind text not null default xvc.setting('xvc.actor_kind'),
  actor_id text not null default xvc.setting('xvc.actor_id'),
  cause text not null default xvc.setting('xvc.cause'),
  at_ms bigint not null,
  recorded_at_ms bigint not null default xvc.recorded_at_ms(),
  data jsonb not null,
  primary key (position),
  constraint event_number unique nulls not distinct (subject_id, number, subject_kind, project_id, organization_id)
);
create index event_order on xvc.event (organization_id, txid, position);
create index event_request on xvc.event (request_id, txid, position) where request_id is not null;

-- Every version of every row of every state table, written by trigger. `version` of a deletion is one more
-- than that of the deleted row.
create table xvc.history (
  organization_id uuid not null,
  project_id uuid,
  kind text not null,
  id uuid not null,
  version integer not null,
  operation text not null check (operation in ('insert', 'update', 'delete')),
  recorded_at_ms bigint not null,
  actor_kind text not null,
  actor_id text not null,
  cause text not null,
  row jsonb not null,
  constraint history_version unique nulls not distinct (id, version, kind, project_id, organization_id)
);
create index history_time on xvc.history (organization_id, recorded_at_ms);

-- The recorded range of each version; the present one is open above.
create view xvc.history_period with (security_invoker = true) as
  select h.*,
         tstzrange(
           to_timestamp(h.recorded_at_ms / 1000.0),
           to_timestamp(lead(h.recorded_at_ms) over (partition by h.organization_id, h.project_id, h.kind, h.id order by h.version) / 1000.0)
         ) as recorded
    from xvc.history h;

-- A trap besides the missing grants: the owner would pass those.
create function xvc.refuse_change() returns trigger
  language plpgsql as $$
begin
  raise exception '% of %.% is not possible: the table is append-only', lower(tg_op), tg_table_schema, tg_table_name
    using errcode = 'XV002';
end $$;

-- Called by triggers alone. Statement level with transition tables: one insert per statement, however many
-- rows it wrote. Security definer, because nobody but the owner may write history; the owner is bound by
-- row security as well (force), so a row can only be recorded for the organization of the context.
create function xvc.record_history() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  actor_kind text := xvc.setting('xvc.actor_kind');
  actor_id text := xvc.setting('xvc.actor_id');
  cause text := xvc.setting('xvc.cause');
  recorded_at_ms bigint := xvc.recorded_at_ms();
begin
  -- (to_jsonb(r) ->> 'project_id') instead of r.project_id: tables of the organization have no such column.
  if tg_op = 'DELETE' then
    insert into xvc.history (organization_id, project_id, kind, id, version, operation, recorded_at_ms, actor_kind, actor_id, cause, row)
      select r.organization_id, (j.row ->> 'project_id')::uuid, tg_table_name, r.id, r.version + 1, 'delete', recorded_at_ms, actor_kind, actor_id, cause, j.row
        from old_rows r cross join lateral (select to_jsonb(r) as row) j;
  else
    insert into xvc.history (organization_id, project_id, kind, id, version, operation, recorded_at_ms, actor_kind, actor_id, cause, row)
      select r.organization_id, (j.row ->> 'project_id')::uuid, tg_table_name, r.id, r.version, lower(tg_op), recorded_at_ms, actor_kind, actor_id, cause, j.row
        from new_rows r cross join lateral (select to_jsonb(r) as row) j;
  end if;
  return null;
end $$;

-- ---------------------------------------------------------------------------------------------------------
-- Two procedures keep what every table needs in one place. Migrations alone call them.
-- ---------------------------------------------------------------------------------------------------------

create procedure xvc.protect_record_table(name text)
  language plpgsql as $$
begin
  execute format('alter table xvc.%I enable row level security', name);
  execute format('alter table xvc.%I force row level security', name);
  execute format(
    'create policy scope on xvc.%I using ((organization_id = (select xvc.org())) is true and (project_id is null or project_id = any ((select xvc.project_ids())::uuid[])) is true)',
    name);
  execute format('create trigger append_only before update or delete or truncate on xvc.%I for each statement execute function xvc.refuse_change()', name);
end $$;

create procedure xvc.protect_state_table(name text)
  language plpgsql as $$
declare
  of_project boolean := exists (
    select from pg_catalog.pg_attribute
     where attrelid = format('xvc.%I', name)::regclass and attname = 'project_id' and not attisdropped);
begin
  execute format('alter table xvc.%I enable row level security', name);
  execute format('alter table xvc.%I force row level security', name);
  execute format(
    'create policy scope on xvc.%I using ((organization_id = (select xvc.org())) is true%s)',
    name,
    case when of_project then ' and (project_id = any ((select xvc.project_ids())::uuid[])) is true' else '' end);
  execute format('create trigger history_insert after insert on xvc.%I referencing new table as new_rows for each statement execute function xvc.record_history()', name);
  execute format('create trigger history_update after update on xvc.%I referencing new table as new_rows for each statement execute function xvc.record_history()', name);
  execute format('create trigger history_delete after delete on xvc.%I referencing old table as old_rows for each statement execute function xvc.record_history()', name);
  -- TRUNCATE passes row security and row triggers by; nobody has the right, and the owner meets this.
  execute format('create trigger no_truncate before truncate on xvc.%I for each statement execute function xvc.refuse_change()', name);
  -- No DELETE: what ends, ends in a state.
  execute format('grant select, insert, update on xvc.%I to xvc_app', name);
end $$;

call xvc.protect_record_table('command');
call xvc.protect_record_table('event');
call xvc.protect_record_table('history');

-- Position, transaction, actor, cause and recorded time are the database's to say.
grant select on xvc.command, xvc.event, xvc.history, xvc.history_period to xvc_app;
grant insert (organization_id, project_id, key, kind, body_sha256, outcome, at_ms) on xvc.command to xvc_app;
grant insert (organization_id, project_id, subject_kind, subject_id, number, kind, at_ms, data) on xvc.event to xvc_app;

-- Nobody executes a function that is not named here; default privileges take the right from PUBLIC, and the
-- next line holds where an administrator made the schemas without them.
revoke execute on all routines in schema xvc from public;
grant execute on function xvc.setting(text), xvc.missing_setting(text), xvc.org(), xvc.project_ids(), xvc.recorded_at_ms(), xvc.take_recorded_at_ms() to xvc_app, xvc_verify;
