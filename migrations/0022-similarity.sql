-- Vectors: what a provider of embeddings made of a text that the search knows, so that it is found by its meaning. Derived data without
-- history: what is lost is made again. docs/explanation/search.md

create table xvc.search_vector (
  organization_id uuid not null,
  project_id uuid,
  kind text not null,
  id uuid not null,
  -- Of the search entry: the version of the row at which it got this text.
  version integer not null,
  provider_id uuid not null,
  model text not null,
  -- 0: the model does not take this text.
  dimension integer not null,
  -- Numbers of 4 bytes, the lowest first, of length 1 together: the product of two is their likeness.
  vector bytea not null,
  -- Of these very bytes: another vector gets another number, so a process may keep what it read.
  number bigint generated always as identity,
  constraint search_vector_entry unique nulls not distinct (id, version, kind, project_id, organization_id),
  constraint search_vector_length check (dimension between 0 and 4096 and octet_length(vector) = 4 * dimension)
);
create unique index search_vector_number on xvc.search_vector (number);
-- Numbers like these do not get smaller.
alter table xvc.search_vector alter column vector set storage external;

-- As the index of words: read by everybody under the policy of all tables, written by the functions below as their owner.
do $$
begin
  alter table xvc.search_vector enable row level security;
  alter table xvc.search_vector force row level security;
  create policy scope on xvc.search_vector for select to xvc_app, xvc_verify
    using ((organization_id = (select xvc.org())) is true and (project_id is null or project_id = any ((select xvc.project_ids())::uuid[])) is true);
  create policy own on xvc.search_vector to xvc_owner using (true) with check ((organization_id = (select xvc.org())) is true);
  create trigger no_truncate before truncate on xvc.search_vector for each statement execute function xvc.refuse_change();
  grant select on xvc.search_vector to xvc_app;
end $$;

-- Keeps vectors of texts that are still there, of the organization and projects in context alone: a purge that came in between stays one,
-- and one that comes now waits. `vectors` are base64; empty: the model does not take the text.
create function xvc.keep_vectors(
  of_provider uuid, of_model text, kinds text[], ids uuid[], projects uuid[], versions integer[], vectors text[]
) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  kept integer;
begin
  with there as materialized (
    select e.organization_id, e.project_id, e.kind, e.id, e.version, decode(n.vector, 'base64') as bytes
      from unnest(kinds, ids, projects, versions, vectors) n(kind, id, project_id, version, vector)
      join xvc.search_entry e on e.id = n.id and e.version = n.version and e.kind = n.kind and e.project_id is not distinct from n.project_id
     where e.organization_id = xvc.org() and (e.project_id is null or e.project_id = any (xvc.project_ids()))
       for key share of e)
  insert into xvc.search_vector (organization_id, project_id, kind, id, version, provider_id, model, dimension, vector)
    select t.organization_id, t.project_id, t.kind, t.id, t.version, of_provider, of_model, octet_length(t.bytes) / 4, t.bytes from there t
  on conflict on constraint search_vector_entry do update
    set provider_id = excluded.provider_id, model = excluded.model, dimension = excluded.dimension, vector = excluded.vector, number = default;
  get diagnostics kept = row_count;
  return kept;
end $$;

-- As in 0012, and the vectors with it: what is purged or erased has none.
create or replace function xvc.forget_search(organization uuid, project uuid, of_kind text, of_id uuid) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  gone text[];
begin
  with taken as (
    delete from xvc.search_entry e
     where e.id = of_id and e.kind = of_kind and e.organization_id = organization and e.project_id is not distinct from project
    returning e.words)
  select array_agg(distinct w.lexeme) into gone from taken cross join lateral unnest(taken.words) w;
  delete from xvc.search_vector v
   where v.id = of_id and v.kind = of_kind and v.organization_id = organization and v.project_id is not distinct from project;
  delete from xvc.search_word k
   where k.word = any (gone) and k.organization_id = organization and k.project_id is not distinct from project
     and not exists (
       select from xvc.search_entry e
        where e.words @@ format('%L', k.word)::tsquery and e.organization_id = organization and e.project_id is not distinct from project);
end $$;

revoke execute on all routines in schema xvc from public;
grant execute on function xvc.keep_vectors(uuid, text, text[], uuid[], uuid[], integer[], text[]) to xvc_app;
-- Pure: what they are given is what they tell.
grant execute on function xvc.search_source(text, jsonb), xvc.search_lines(jsonb), xvc.texts(jsonb, text) to xvc_app;
