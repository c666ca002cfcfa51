-- Personal data: fields that `personal` of src/engine/ports/entity-tables.ts names are sealed under a key per person before they reach a
-- row, so history, log, seals, exports and backups hold texts that nobody reads without the key. The keys, themselves sealed by the
-- installation's key, live here, outside of the record and without history: what is destroyed here is gone.
-- docs/decisions/0017-a-key-per-person.md

create table xvc_system.person_key (
  organization_id uuid not null,
  person_id uuid not null,
  -- Null: destroyed, for good.
  sealed text,
  erased_at_ms bigint,
  primary key (person_id, organization_id),
  check ((sealed is null) = (erased_at_ms is not null))
);

-- By what sealed columns are found: a hash keyed by the installation, and the sealed text that stands in the row. The hash says nothing
-- to whoever lacks that key, and goes with the person's.
create table xvc_system.person_index (
  organization_id uuid not null,
  person_id uuid not null,
  kind text not null,
  field text not null,
  hash text not null,
  sealed text not null,
  primary key (hash, sealed, person_id, organization_id, kind, field)
);
create index person_index_person on xvc_system.person_index (person_id, organization_id);

-- The app makes keys and never changes or destroys one: that is the trigger's below.
grant select, insert on xvc_system.person_key, xvc_system.person_index to xvc_app;

create function xvc.erase_person() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into xvc_system.person_key (organization_id, person_id, sealed, erased_at_ms)
    values (new.organization_id, new.id, null, xvc.recorded_at_ms())
    on conflict (person_id, organization_id) do update set sealed = null, erased_at_ms = excluded.erased_at_ms;
  delete from xvc_system.person_index where person_id = new.id and organization_id = new.organization_id;
  delete from xvc_system.channel_secret s using xvc.channel c
   where c.person_id = new.id and c.organization_id = new.organization_id and s.channel_id = c.id and s.organization_id = c.organization_id;
  delete from xvc_system.session where person_id = new.id and organization_id = new.organization_id;
  delete from xvc_system.one_time_link where person_id = new.id and organization_id = new.organization_id;
  delete from xvc_system.api_token where person_id = new.id and organization_id = new.organization_id;
  delete from xvc_system.upload where person_id = new.id and organization_id = new.organization_id;
  perform xvc.forget_search(new.organization_id, null, 'person', new.id);
  return null;
end $$;
revoke execute on function xvc.erase_person() from public;

-- In the transaction that says so: nobody is on record as erased while the key still opens.
create trigger erase_person after update on xvc.person for each row
  when (new.body ? 'erasedAtMs' and not old.body ? 'erasedAtMs') execute function xvc.erase_person();
