-- What people find by words: one row for each text that a row of a searched kind ever had, with the time it was that text, so that a
-- search answers as of any instant. Triggers write it in the transaction that changes the row: what was written is found at once.
-- Rows whose text stays the same, such as a task that changes its state, cost a comparison and no write.
-- docs/explanation/search.md

-- ---------------------------------------------------------------------------------------------------------
-- Texts of each kind. `searchTexts` in src/engine/ports/search-texts.ts builds the same.
-- ---------------------------------------------------------------------------------------------------------

create type xvc.search_text as (title text, body text, person_ids text[]);

-- Texts and numbers at paths of a document, one a line, in the order of the paths.
create function xvc.texts_at(document jsonb, variadic paths jsonpath[]) returns text
  language sql immutable parallel safe
  return (
    select string_agg(v.value #>> '{}', E'\n' order by p.place, v.place)
      from unnest(paths) with ordinality p(path, place)
     cross join lateral jsonb_path_query(document, p.path, '{}', true) with ordinality v(value, place)
     where jsonb_typeof(v.value) in ('string', 'number') and v.value #>> '{}' <> '');

-- `stored` is a row as the history keeps it. Null: nothing of it is searched.
create function xvc.search_text(kind text, stored jsonb) returns xvc.search_text
  language plpgsql immutable parallel safe as $$
declare
  d jsonb := (stored -> 'body') || (stored - 'body');
  found xvc.search_text;
begin
  case kind
    when 'request' then
      found := (d ->> 'title',
        xvc.texts_at(d, '$.text', '$.brief.interpretation', '$.brief.goals[*]', '$.brief.constraints[*]', '$.brief.unknowns[*]', '$.brief.approach'),
        array[d ->> 'requester_id']);
    when 'task' then
      found := (d ->> 'title',
        xvc.texts_at(d, '$.key', '$.spec.acceptance[*].statement', '$.spec.skills[*]', '$.spec.outputs[*]',
          '$.answers[*].question', '$.answers[*].answer', '$.reworkPoints[*].text'),
        case when d -> 'performer' ->> 'kind' = 'person' then array[d -> 'performer' ->> 'id'] else '{}'::text[] end);
    when 'decision' then
      found := (d ->> 'question',
        xvc.texts_at(d, '$.topic', '$.rationale', '$.choice', '$.options[*].label', '$.options[*].pros[*]', '$.options[*].cons[*]',
          '$.confidence.wouldProveWrong', '$.outcome.text', '$.links[*].label'),
        array[d ->> 'deciderId']);
    when 'comment' then
      if d ->> 'state' = 'removed' then return null; end if;
      found := ('', d ->> 'text', array[d ->> 'author_id']);
    when 'entity' then
      if d ->> 'state' in ('deleted', 'purged') then return null; end if;
      found := (d ->> 'title', xvc.texts_at(d, '$.type_key', '$.key', '$.data.**', '$.attachments[*].name'), '{}'::text[]);
    when 'epic' then
      found := (d ->> 'title', xvc.texts_at(d, '$.goal', '$.reason'), array[d ->> 'ownerId']);
    when 'sprint' then
      found := (d ->> 'title', xvc.texts_at(d, '$.goal', '$.closing.reason'), '{}'::text[]);
    when 'fact' then
      found := ((d ->> 'subjectName') || ': ' || (d ->> 'attribute'),
        xvc.texts_at(d, '$.periods[*].value', '$.periods[*].source.text'), '{}'::text[]);
    when 'deliverable' then
      found := ('', xvc.texts_at(d, '$.files[*].name'), '{}'::text[]);
    when 'objective' then
      found := (d ->> 'title', xvc.texts_at(d, '$.keyResults[*].statement'), array[d ->> 'ownerId']);
    when 'principle' then
      found := (d ->> 'statement', xvc.texts_at(d, '$.explanation'), array[d ->> 'writtenBy']);
    when 'persona' then
      found := (replace(d ->> 'key', '_', ' '), xvc.texts_at(d, '$.worldview', '$.specializations[*]', '$.skills[*]', '$.division'), '{}'::text[]);
    when 'playbook' then
      found := (replace(d ->> 'name', '-', ' '), xvc.texts_at(d, '$.division', '$.matches[*]', '$.plan.title', '$.plan.tasks[*].title'), '{}'::text[]);
  end case;
  -- What is longer is found by its first 60,000 characters: an index entry has an upper bound.
  found.title := left(coalesce(found.title, ''), 1000);
  found.body := left(coalesce(found.body, ''), 60000);
  found.person_ids := array_remove(found.person_ids, null);
  return case when found.title = '' and found.body = '' then null else found end;
end $$;

-- ---------------------------------------------------------------------------------------------------------
-- The index.
-- ---------------------------------------------------------------------------------------------------------

create table xvc.search_entry (
  organization_id uuid not null,
  project_id uuid,
  kind text not null,
  id uuid not null,
  -- Of the row, when it got this text.
  version integer not null,
  recorded_from_ms bigint not null,
  -- Null: it is the text now.
  recorded_to_ms bigint,
  title text not null,
  body text not null,
  person_ids text[] not null,
  -- Words as they are (weights A, B for title and body) and their English stems (C, D).
  words tsvector not null,
  constraint search_entry_version unique nulls not distinct (id, version, kind, project_id, organization_id)
);
-- A short list of what is not sorted in yet: writers append to it, and a search reads at most so much of it.
create index search_entry_words on xvc.search_entry using gin (words) with (gin_pending_list_limit = 256);

-- Words of each project, so that a misspelled one is found by those that look like it. Without a unique key: two commands that
-- write one word at once do not wait for each other, and a word that is there twice does no harm.
create table xvc.search_word (
  organization_id uuid not null,
  project_id uuid,
  word text not null
);
create index search_word_word on xvc.search_word (word, organization_id, project_id);

-- Signs between words become spaces: the parser would make one word of `a.b` or `x/y`.
create function xvc.plain_words(value text) returns text
  language sql immutable parallel safe
  return translate(value, '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', '                                ');

create function xvc.search_words(found xvc.search_text) returns tsvector
  language sql immutable parallel safe
  return setweight(to_tsvector('simple', xvc.plain_words((found).title)), 'A') || setweight(to_tsvector('simple', xvc.plain_words((found).body)), 'B')
    || setweight(to_tsvector('english', xvc.plain_words((found).title)), 'C') || setweight(to_tsvector('english', xvc.plain_words((found).body)), 'D');

-- Only the functions below touch the tables, as their owner. An index of words cannot serve a query under row
-- security (its operator is not leakproof), so the owner's policy lets it pass and the functions say organization and projects themselves;
-- everybody else meets the same policy as everywhere.
do $$
declare
  name text;
begin
  foreach name in array array['search_entry', 'search_word']
  loop
    execute format('alter table xvc.%I enable row level security', name);
    execute format('alter table xvc.%I force row level security', name);
    execute format(
      'create policy scope on xvc.%I for select to xvc_app, xvc_verify using ((organization_id = (select xvc.org())) is true and (project_id is null or project_id = any ((select xvc.project_ids())::uuid[])) is true)',
      name);
    execute format('create policy own on xvc.%I to xvc_owner using (true) with check ((organization_id = (select xvc.org())) is true)', name);
    execute format('create trigger no_truncate before truncate on xvc.%I for each statement execute function xvc.refuse_change()', name);
    execute format('grant select on xvc.%I to xvc_app', name);
  end loop;
end $$;

-- Worth finding in place of a misspelled one: words of letters, as they are, not their stems.
create function xvc.known_words(words tsvector) returns setof text
  language sql immutable parallel safe
begin atomic
  select w.lexeme from unnest(words) w
   where ('A' = any (w.weights) or 'B' = any (w.weights)) and length(w.lexeme) between 4 and 40 and w.lexeme !~ '[0-9]';
end;

-- New rows: one statement, however many there are.
create function xvc.keep_new_search() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  with texts as materialized (
    select r.organization_id, (j.stored ->> 'project_id')::uuid as project_id, r.id, r.version, t.title, t.body, t.person_ids, xvc.search_words(t) as words
      from new_rows r
     cross join lateral (select to_jsonb(r) as stored) j
     cross join lateral xvc.search_text(tg_table_name, j.stored) t
     where t.title is not null),
  kept as (
    insert into xvc.search_entry (organization_id, project_id, kind, id, version, recorded_from_ms, title, body, person_ids, words)
      select t.organization_id, t.project_id, tg_table_name, t.id, t.version, xvc.recorded_at_ms(), t.title, t.body, t.person_ids, t.words from texts t)
  insert into xvc.search_word (organization_id, project_id, word)
    select w.organization_id, w.project_id, w.word
      from (select distinct t.organization_id, t.project_id, k.word from texts t cross join lateral xvc.known_words(t.words) k(word)) w
     where not exists (
       select from xvc.search_word k
        where k.word = w.word and k.organization_id = w.organization_id and k.project_id is not distinct from w.project_id);
  return null;
end $$;

create function xvc.keep_search() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  stored jsonb := to_jsonb(new);
  project uuid := (stored ->> 'project_id')::uuid;
  now_text xvc.search_text := xvc.search_text(tg_table_name, stored);
  words tsvector;
begin
  if now_text is not distinct from xvc.search_text(tg_table_name, to_jsonb(old)) then return null; end if;
  update xvc.search_entry e set recorded_to_ms = xvc.recorded_at_ms()
   where e.id = new.id and e.kind = tg_table_name and e.organization_id = new.organization_id and e.project_id is not distinct from project
     and e.recorded_to_ms is null;
  if now_text is null then return null; end if;
  words := xvc.search_words(now_text);
  insert into xvc.search_entry (organization_id, project_id, kind, id, version, recorded_from_ms, title, body, person_ids, words)
    values (new.organization_id, project, tg_table_name, new.id, new.version, xvc.recorded_at_ms(), now_text.title, now_text.body, now_text.person_ids, words);
  insert into xvc.search_word (organization_id, project_id, word)
    select new.organization_id, project, w.word
      from xvc.known_words(words) w(word)
     where not exists (
       select from xvc.search_word k where k.word = w.word and k.organization_id = new.organization_id and k.project_id is not distinct from project);
  return null;
end $$;

-- Which changes of a row can change its text: anything else is passed by before a function is called.
do $$
declare
  watched constant jsonb := '{
    "request": ["title", "body.text", "body.brief"],
    "task": ["body.title", "body.spec", "body.answers", "body.reworkPoints", "performer_key"],
    "decision": ["body"],
    "comment": ["state", "body.text"],
    "entity": ["title", "state", "body.data", "body.attachments"],
    "epic": ["title", "body.goal", "body.reason", "body.ownerId"],
    "sprint": ["body.title", "body.goal", "body.closing"],
    "fact": ["body.subjectName", "body.periods"],
    "deliverable": ["body.files"],
    "objective": ["body.title", "body.keyResults", "body.ownerId"],
    "principle": ["body.statement", "body.explanation"],
    "persona": ["body"],
    "playbook": ["body"]
  }';
  searched text;
  fields jsonb;
  condition text;
begin
  for searched, fields in select * from jsonb_each(watched)
  loop
    select string_agg(format('%s is distinct from %s', replace(term, 'row.', 'old.'), replace(term, 'row.', 'new.')), ' or ')
      into condition
      from jsonb_array_elements_text(fields) f(field)
     cross join lateral (select case
       when field = 'performer_key' then 'case when row.performer_key like ''person:%'' then row.performer_key end'
       when field like 'body.%' then format('(row.body -> %L)', substr(field, 6))
       else 'row.' || field end) t(term);
    execute format('create trigger search_insert after insert on xvc.%I referencing new table as new_rows for each statement execute function xvc.keep_new_search()', searched);
    execute format('create trigger search_update after update on xvc.%I for each row when (%s) execute function xvc.keep_search()', searched, condition);
  end loop;
end $$;

-- Takes every text that a row ever had out of the index, with the words that only it had: for purges and erased people.
create function xvc.forget_search(organization uuid, project uuid, of_kind text, of_id uuid) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  gone text[];
begin
  with taken as (
    delete from xvc.search_entry e
     where e.id = of_id and e.kind = of_kind and e.organization_id = organization and e.project_id is not distinct from project
    returning e.words)
  select array_agg(distinct w.lexeme) into gone from taken cross join lateral unnest(taken.words) w;
  delete from xvc.search_word k
   where k.word = any (gone) and k.organization_id = organization and k.project_id is not distinct from project
     and not exists (
       select from xvc.search_entry e
        where e.words @@ format('%L', k.word)::tsquery and e.organization_id = organization and e.project_id is not distinct from project);
end $$;

create function xvc.forget_purged() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform xvc.forget_search(new.organization_id, new.project_id, tg_table_name, new.id);
  return null;
end $$;
-- Named to fire after `search_update`: triggers of a row fire in the order of their names.
create trigger search_update_purge after update on xvc.entity for each row
  when (new.state = 'purged' and old.state <> 'purged') execute function xvc.forget_purged();

-- ---------------------------------------------------------------------------------------------------------
-- Words that look like a word. Trigrams come with PostgreSQL as an extension that the owner of a database may add; where
-- that is refused or it is not installed, search is by words and stems alone, and says so.
-- ---------------------------------------------------------------------------------------------------------

do $$
declare
  place name;
begin
  if exists (select from pg_available_extensions where name = 'pg_trgm') and not exists (select from pg_extension where extname = 'pg_trgm') then
    begin
      create extension pg_trgm with schema public;
    exception when insufficient_privilege or undefined_file or invalid_schema_name then
      null;
    end;
  end if;
  select n.nspname into place from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm';
  if place is null then
    execute 'create function xvc.similar_words(wanted text) returns text[] language sql stable return null::text[]';
    execute 'create function xvc.finds_similar() returns boolean language sql immutable return false';
  else
    execute 'create function xvc.finds_similar() returns boolean language sql immutable return true';
    execute format('create index search_word_similar on xvc.search_word using gin (word %I.gin_trgm_ops)', place);
    execute format($body$
      create function xvc.similar_words(wanted text) returns text[]
        language sql stable security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan
      as $function$
        select coalesce(array_agg(s.word order by s.near desc, s.word), '{}')
          from (
            select k.word, max(%1$I.similarity(k.word, wanted)) as near
              from xvc.search_word k
             where k.word operator(%1$I.%%) wanted and k.organization_id = xvc.org() and (k.project_id is null or k.project_id = any (xvc.project_ids()))
             group by k.word order by near desc, k.word limit 5) s
      $function$ $body$, place);
  end if;
end $$;

-- ---------------------------------------------------------------------------------------------------------
-- The search. Candidates have every word: as it is, as its stem, the last one also as a beginning. Of more than `most` the latest
-- are taken. When there is none, those with similar words stand in. Places in the lists of exact words, of stems and of
-- everything are fused by reciprocal rank (Cormack, Clarke and Buettcher 2009, k = 60).
-- ---------------------------------------------------------------------------------------------------------

create type xvc.search_query as (exact tsquery, stems tsquery, broad tsquery);

create function xvc.search_query(wanted text[]) returns xvc.search_query
  language sql stable parallel safe
  return (
    select row(string_agg(plainto_tsquery('simple', w)::text, ' & ')::tsquery,
               string_agg(nullif(plainto_tsquery('english', w)::text, ''), ' & ')::tsquery,
               string_agg('(' || (to_tsquery('simple', quote_literal(w) || case when place = cardinality(wanted) and length(w) >= 2 then ':*' else '' end)
                 || plainto_tsquery('english', w))::text || ')', ' & ')::tsquery)::xvc.search_query
      from unnest(wanted) with ordinality u(w, place)
     where plainto_tsquery('simple', w)::text <> '');

-- Every word, or one that looks like it; null: no word has one.
create function xvc.similar_query(wanted text[]) returns tsquery
  language sql stable
  return (
    select case when bool_or(cardinality(s.words) > 0) then
             string_agg('(' || concat_ws(' | ', (plainto_tsquery('simple', w) || plainto_tsquery('english', w))::text,
               (select string_agg(quote_literal(k), ' | ') from unnest(s.words) k)) || ')', ' & ')::tsquery end
      from unnest(wanted) w cross join lateral (select xvc.similar_words(w) as words) s
     where plainto_tsquery('simple', w)::text <> '');

-- `at_ms` null: the present texts. `found` counts the candidates. The rows come in order of fitness.
create function xvc.search(
  wanted text[], at_ms bigint, kinds text[], project uuid, person text, from_ms bigint, to_ms bigint, skip integer, most_shown integer
) returns table (
  kind text, id uuid, project_id uuid, recorded_at_ms bigint, title text, body text, near boolean, found integer, similar_words text)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  most constant integer := 1000;
  -- Of more matches not even the latest are looked for.
  most_matches constant integer := 20000;
  organization constant uuid := xvc.org();
  projects constant uuid[] := xvc.project_ids();
  q constant xvc.search_query := xvc.search_query(wanted);
  alike tsquery;
begin
  if q.broad is null then return; end if;
  if not exists (
    select from xvc.search_entry e
     where e.words @@ q.broad and e.organization_id = organization
       and (project is null and e.project_id is null or e.project_id = any (projects) and e.project_id = coalesce(project, e.project_id))
       and (case when at_ms is null then e.recorded_to_ms is null
              else e.recorded_from_ms <= at_ms and (e.recorded_to_ms is null or e.recorded_to_ms > at_ms) end)
       and (kinds is null or e.kind = any (kinds))
       and (person is null or person = any (e.person_ids))
       and (from_ms is null or e.recorded_from_ms >= from_ms)
       and (to_ms is null or e.recorded_from_ms < to_ms)) then
    alike := xvc.similar_query(wanted);
    if alike is null then return; end if;
  end if;
  return query
  with matching as (
    select e.kind, e.id, e.project_id, e.version, e.recorded_from_ms, e.words
      from xvc.search_entry e
     where e.words @@ coalesce(alike, q.broad) and e.organization_id = organization
       and (project is null and e.project_id is null or e.project_id = any (projects) and e.project_id = coalesce(project, e.project_id))
       and (case when at_ms is null then e.recorded_to_ms is null
              else e.recorded_from_ms <= at_ms and (e.recorded_to_ms is null or e.recorded_to_ms > at_ms) end)
       and (kinds is null or e.kind = any (kinds))
       and (person is null or person = any (e.person_ids))
       and (from_ms is null or e.recorded_from_ms >= from_ms)
       and (to_ms is null or e.recorded_from_ms < to_ms)
     limit most_matches),
  candidates as (select * from matching m order by m.recorded_from_ms desc, m.id desc limit most),
  ranked as (
    select c.*,
           coalesce(ts_rank('{0, 0, 0.4, 1}', c.words, q.exact, 1), 0) as by_words,
           coalesce(ts_rank('{0.4, 1, 0, 0}', c.words, q.stems, 1), 0) as by_stems,
           ts_rank('{0.4, 1, 0.4, 1}', c.words, coalesce(alike, q.broad), 1) as by_any
      from candidates c),
  placed as (
    select r.*, count(*) over () as candidates,
           case when r.by_words > 0 then 1.0 / (60 + row_number() over (order by r.by_words desc, r.recorded_from_ms desc, r.id desc)) else 0 end
           + case when r.by_stems > 0 then 1.0 / (60 + row_number() over (order by r.by_stems desc, r.recorded_from_ms desc, r.id desc)) else 0 end
           + 1.0 / (60 + row_number() over (order by r.by_any desc, r.recorded_from_ms desc, r.id desc)) as score
      from ranked r),
  shown as (
    select p.* from placed p
     order by p.score desc, p.recorded_from_ms desc, p.id desc offset skip limit most_shown)
  select s.kind, s.id, s.project_id, s.recorded_from_ms, e.title, e.body, alike is not null, s.candidates::integer, alike::text
    from shown s
    join xvc.search_entry e on e.id = s.id and e.version = s.version and e.kind = s.kind and e.organization_id = organization
     and e.project_id is not distinct from s.project_id
   order by s.score desc, s.recorded_from_ms desc, s.id desc;
end $$;

revoke execute on all routines in schema xvc from public;
grant execute on function xvc.search(text[], bigint, text[], uuid, text, bigint, bigint, integer, integer), xvc.finds_similar() to xvc_app;
