-- Checkpoints: one row per sealed batch of events and versions, each signed and bound to the one before. Append-only like what
-- it seals. The place up to which a batch reaches is a help for the next; what is signed is `text` alone.

create table xvc.checkpoint (
  organization_id uuid not null,
  project_id uuid check (project_id is null),
  number integer not null check (number >= 1),
  text text not null,
  signature text not null,
  event_txid xid8 not null,
  event_position bigint not null,
  version_txid xid8 not null,
  version_position bigint not null,
  constraint checkpoint_number unique nulls not distinct (number, project_id, organization_id)
);
create index checkpoint_order on xvc.checkpoint (organization_id, number);
call xvc.protect_record_table('checkpoint');
grant select, insert on xvc.checkpoint to xvc_app;

-- What of a row goes into a seal, as text: the order of the fields is the format (docs/explanation/evidence.md). `position` and `txid`
-- are left out: they say where a row lies in this database, and a copy elsewhere has others. Leaves are hashed as RFC 6962 says.

create function xvc.event_leaf(e xvc.event) returns bytea
  language sql stable parallel safe
  return sha256('\x00'::bytea || convert_to(jsonb_build_array('event', e.organization_id, e.project_id, e.subject_kind, e.subject_id, e.number, e.kind,
    e.actor_kind, e.actor_id, e.cause, e.at_ms, e.recorded_at_ms, e.data)::text, 'UTF8'));

-- A purged version left the hash of its content behind, and the seal was made over that hash.
create function xvc.version_leaf(h xvc.history) returns bytea
  language sql stable parallel safe
  return sha256('\x00'::bytea || convert_to(jsonb_build_array('version', h.organization_id, h.project_id, h.kind, h.id, h.version, h.operation,
    h.recorded_at_ms, h.actor_kind, h.actor_id, h.cause,
    coalesce(case when h.kind = 'entity' then h.row -> 'body' ->> 'contentSha256' end, encode(sha256(convert_to(h.row::text, 'UTF8')), 'hex')))::text, 'UTF8'));

grant execute on function xvc.event_leaf(xvc.event), xvc.version_leaf(xvc.history) to xvc_app;
