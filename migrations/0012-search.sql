-- What people find by words: one row for each text that a row of a searched kind ever had, with the time it was that text, so that a
-- search answers as of any instant. Triggers write it in the transaction that changes the row: what was written is found at once.
-- Rows whose text stays the same, such as a task that changes its state, cost a comparison and no write.
-- docs/explanation/search.md

-- ---------------------------------------------------------------------------------------------------------
-- Texts of each kind. `searchTexts` in src/engine/ports/search-texts.ts builds the same.
-- ---------------------------------------------------------------------------------------------------------

-- What of a row is searched. `texts` is a list: words are taken from it as it stands, and lines are made of it only for what is shown.
create type xvc.search_source as (title text, texts jsonb, person_ids text[]);

-- Texts and numbers at a place of a document.
create function xvc.texts(document jsonb, place text) returns jsonb
  language sql immutable parallel safe
  return jsonb_path_query_array(document, (place || ' ? (@.type() == "string" && @ != "" || @.type() == "number")')::jsonpath, '{}', true);

-- `stored` is a row as the history keeps it. Null: nothing of it is searched. Expressions alone, no query: it runs for each row written.
create function xvc.search_source(kind text, stored jsonb) returns xvc.search_source
  language plpgsql immutable parallel safe as $$
declare
  b jsonb := stored -> 'body';
  found xvc.search_source;
begin
  case kind
    when 'request' then
      found := (stored ->> 'title',
        xvc.texts(b, '$.text') || xvc.texts(b, '$.brief.interpretation') || xvc.texts(b, '$.brief.goals[*]')
          || xvc.texts(b, '$.brief.constraints[*]') || xvc.texts(b, '$.brief.unknowns[*]') || xvc.texts(b, '$.brief.approach'),
        array[stored ->> 'requester_id']);
    when 'task' then
      found := (b ->> 'title',
        xvc.texts(stored, '$.key') || xvc.texts(b, '$.spec.acceptance[*].statement') || xvc.texts(b, '$.spec.skills[*]')
          || xvc.texts(b, '$.spec.outputs[*]') || xvc.texts(b, '$.answers[*].question') || xvc.texts(b, '$.answers[*].answer')
          || xvc.texts(b, '$.reworkPoints[*].text'),
        case when b -> 'performer' ->> 'kind' = 'person' then array[b -> 'performer' ->> 'id'] else '{}'::text[] end);
    when 'decision' then
      found := (b ->> 'question',
        xvc.texts(b, '$.topic') || xvc.texts(b, '$.rationale') || xvc.texts(b, '$.choice') || xvc.texts(b, '$.options[*].label')
          || xvc.texts(b, '$.options[*].pros[*]') || xvc.texts(b, '$.options[*].cons[*]') || xvc.texts(b, '$.confidence.wouldProveWrong')
          || xvc.texts(b, '$.outcome.text') || xvc.texts(b, '$.links[*].label'),
        array[b ->> 'deciderId']);
    when 'comment' then
      if stored ->> 'state' = 'removed' then return null; end if;
      found := ('', xvc.texts(b, '$.text'), array[stored ->> 'author_id']);
    when 'entity' then
      if stored ->> 'state' in ('deleted', 'purged') then return null; end if;
      found := (stored ->> 'title',
        xvc.texts(stored, '$.type_key') || xvc.texts(stored, '$.key') || xvc.texts(b, '$.data.**') || xvc.texts(b, '$.attachments[*].name'),
        '{}'::text[]);
    when 'epic' then
      found := (stored ->> 'title', xvc.texts(b, '$.goal') || xvc.texts(b, '$.reason'), array[b ->> 'ownerId']);
    when 'sprint' then
      found := (b ->> 'title', xvc.texts(b, '$.goal') || xvc.texts(b, '$.closing.reason'), '{}'::text[]);
    when 'fact' then
      found := ((b ->> 'subjectName') || ': ' || (stored ->> 'attribute'),
        xvc.texts(b, '$.periods[*].value') || xvc.texts(b, '$.periods[*].source.text'), '{}'::text[]);
    when 'deliverable' then
      found := ('', xvc.texts(b, '$.files[*].name'), '{}'::text[]);
    when 'objective' then
      found := (b ->> 'title', xvc.texts(b, '$.keyResults[*].statement'), array[b ->> 'ownerId']);
    when 'principle' then
      found := (b ->> 'statement', xvc.texts(b, '$.explanation'), array[b ->> 'writtenBy']);
    when 'persona' then
      found := (replace(stored ->> 'key', '_', ' '),
        xvc.texts(b, '$.worldview') || xvc.texts(b, '$.specializations[*]') || xvc.texts(b, '$.skills[*]') || xvc.texts(b, '$.division'),
        '{}'::text[]);
    when 'playbook' then
      found := (replace(stored ->> 'name', '-', ' '),
        xvc.texts(b, '$.division') || xvc.texts(b, '$.matches[*]') || xvc.texts(b, '$.plan.title') || xvc.texts(b, '$.plan.tasks[*].title'),
        '{}'::text[]);
  end case;
  -- What is longer is found by its first 1,000 characters, and by 60,000 of its texts: an index entry has an upper bound.
  found.title := left(coalesce(found.title, ''), 1000);
  found.person_ids := array_remove(found.person_ids, null);
  return case when found.title = '' and found.texts = '[]' then null else found end;
end $$;

create function xvc.search_lines(texts jsonb) returns text
  language sql immutable parallel safe
  return left(coalesce((select string_agg(t.value #>> '{}', E'\n' order by t.place) from jsonb_array_elements(texts) with ordinality t(value, place)), ''), 60000);

-- ---------------------------------------------------------------------------------------------------------
-- The index.
-- ---------------------------------------------------------------------------------------------------------

-- Narrow, because a search of a common word looks at thousands of rows: texts are read from the history, for the few rows that are shown.
-- Room on each page: the one change that an entry meets, that its text was replaced, then leaves the index of words alone.
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
  person_ids text[] not null,
  -- Words as they are, weights A and B for title and texts.
  words tsvector not null,
  -- In the order of writing, 4,096 entries on a shelf: the latest matches of a common word are found without looking at all of them.
  number bigint generated always as identity,
  shelf integer[] not null generated always as (array[(number / 4096)::integer]) stored,
  constraint search_entry_version unique nulls not distinct (id, version, kind, project_id, organization_id)
) with (fillfactor = 90);
-- A short list of what is not sorted in yet: writers append to it, and a search reads at most so much of it.
create index search_entry_words on xvc.search_entry using gin (words, shelf) with (gin_pending_list_limit = 1024);

-- Words of each project, so that a word is found in its other forms, those with its English stem, and a misspelled one by those that
-- look like it. Without a unique key: two commands that write one word at once do not wait for each other, and a word that is there twice
-- does no harm. Queries say organization and project in a form that no index serves: a plan made while the table is empty then finds words
-- by the words.
create table xvc.search_word (
  organization_id uuid not null,
  project_id uuid,
  -- Of one collation, whatever that of the texts is which they are compared with: it decides whether an index serves.
  word text collate "C" not null,
  stem text collate "C" not null
);
create index search_word_word on xvc.search_word (word, organization_id, project_id);
create index search_word_stem on xvc.search_word (stem);

-- Signs between words become spaces: the parser would make one word of `a.b` or `x/y`.
create function xvc.plain_words(value text) returns text
  language sql immutable parallel safe
  return regexp_replace(value, '[!-/:-@[-`{-~]', ' ', 'g');

-- The same of a list of texts as JSON writes it, where a backslash begins a sign. One longer than 60,000 characters is cut as text.
create function xvc.plain_words(texts jsonb) returns text
  language plpgsql immutable parallel safe as $$
declare
  written text := texts::text;
begin
  if length(written) > 60000 then return xvc.plain_words(xvc.search_lines(texts)); end if;
  return regexp_replace(written, '\\(?:u[0-9a-f]{4}|.)|[!-/:-@[-`{-~]', ' ', 'g');
end $$;

create function xvc.search_words(found xvc.search_source) returns tsvector
  language sql immutable parallel safe
  return setweight(to_tsvector('simple', xvc.plain_words((found).title)), 'A') || setweight(to_tsvector('simple', xvc.plain_words((found).texts)), 'B');

-- The stem of an English word; of what is too common to have one, and of everything else, the word itself.
create function xvc.stem_of(word text) returns text
  language sql immutable parallel safe
  return coalesce((ts_lexize('pg_catalog.english_stem', word))[1], word);

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

-- Words of letters. The others have no other forms and are looked for as they are.
create function xvc.is_listed(word text) returns boolean
  language sql immutable parallel safe
  return length(word) between 2 and 40 and word !~ '[0-9]';

-- Entries for rows of one kind in one project, and the words among theirs that nobody there used before: two statements, however many rows
-- there are. `people` are lists of ids as text.
create function xvc.add_entries(
  organization uuid, project uuid, of_kind text, ids uuid[], versions integer[], people text[], vectors tsvector[]
) returns void
  language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  used text[];
begin
  insert into xvc.search_entry (organization_id, project_id, kind, id, version, recorded_from_ms, person_ids, words)
    select organization, project, of_kind, n.id, n.version, xvc.recorded_at_ms(), n.people::text[], n.words
      from unnest(ids, versions, people, vectors) n(id, version, people, words);
  if cardinality(vectors) = 1 then
    used := tsvector_to_array(vectors[1]);
  else
    used := array(select distinct w.word from unnest(vectors) v(words) cross join lateral unnest(tsvector_to_array(v.words)) w(word));
  end if;
  insert into xvc.search_word (organization_id, project_id, word, stem)
    select organization, project, n.word, xvc.stem_of(n.word)
      from unnest(used) n(word)
     -- A query of its own for each word: one for all of them reads the whole table in a plan made while it is empty.
     where (select true from xvc.search_word k
             where k.word = n.word and (k.organization_id = organization and k.project_id is not distinct from project) is true limit 1) is null
       and xvc.is_listed(n.word);
end $$;

create function xvc.keep_new_search() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  stored jsonb;
  found xvc.search_source;
  organization uuid;
  project uuid;
  ids uuid[];
  versions integer[];
  people text[];
  vectors tsvector[];
begin
  for stored in select to_jsonb(r) from new_rows r
  loop
    found := xvc.search_source(tg_table_name, stored);
    continue when found is null;
    if organization <> (stored ->> 'organization_id')::uuid or project <> (stored ->> 'project_id')::uuid then
      perform xvc.add_entries(organization, project, tg_table_name, ids, versions, people, vectors);
      ids := null; versions := null; people := null; vectors := null;
    end if;
    organization := stored ->> 'organization_id';
    project := stored ->> 'project_id';
    ids := array_append(ids, (stored ->> 'id')::uuid);
    versions := array_append(versions, (stored ->> 'version')::integer);
    people := array_append(people, found.person_ids::text);
    vectors := array_append(vectors, xvc.search_words(found));
  end loop;
  if ids is not null then perform xvc.add_entries(organization, project, tg_table_name, ids, versions, people, vectors); end if;
  return null;
end $$;

create function xvc.keep_search() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  stored jsonb := to_jsonb(new);
  project uuid := stored ->> 'project_id';
  found xvc.search_source := xvc.search_source(tg_table_name, stored);
begin
  if found is not distinct from xvc.search_source(tg_table_name, to_jsonb(old)) then return null; end if;
  update xvc.search_entry e set recorded_to_ms = xvc.recorded_at_ms()
   where e.id = new.id and e.kind = tg_table_name and e.organization_id = new.organization_id and e.project_id is not distinct from project
     and e.version = (
       select max(l.version) from xvc.search_entry l
        where l.id = new.id and (l.kind = tg_table_name and l.organization_id = new.organization_id and l.project_id is not distinct from project) is true)
     and e.recorded_to_ms is null;
  if found is null then return null; end if;
  perform xvc.add_entries(new.organization_id, project, tg_table_name, array[new.id], array[new.version], array[found.person_ids::text],
    array[xvc.search_words(found)]);
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
    -- Of an expression, so that it never serves a look-up of a word itself, which it would do by reading hundreds of others.
    execute format('create index search_word_similar on xvc.search_word using gin (lower(word) %I.gin_trgm_ops)', place);
    execute format($body$
      create function xvc.similar_words(wanted text) returns text[]
        language sql stable security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan
      as $function$
        select coalesce(array_agg(s.word order by s.near desc, s.word), '{}')
          from (
            select k.word, max(%1$I.similarity(k.word, wanted)) as near
              from xvc.search_word k
             where lower(k.word) operator(%1$I.%%) wanted and length(k.word) >= 4
               and k.organization_id = xvc.org() and (k.project_id is null or k.project_id = any (xvc.project_ids()))
             group by k.word order by near desc, k.word limit 5) s
      $function$ $body$, place);
  end if;
end $$;

-- ---------------------------------------------------------------------------------------------------------
-- The search. Candidates have every word: as it is, in a form with its stem, the last one also as a beginning. Of more than `most` the
-- latest are taken. When there is none, those with similar words stand in. Places in the lists of exact words, of stems and of
-- everything are fused by reciprocal rank (Cormack, Clarke and Buettcher 2009, k = 60).
-- ---------------------------------------------------------------------------------------------------------

create type xvc.search_query as (exact tsquery, stems tsquery, broad tsquery);

-- One of these words.
create function xvc.any_word(words text[]) returns tsquery
  language sql immutable parallel safe
  return (select string_agg('''' || replace(w, '''', '''''') || '''', ' | ')::tsquery from unnest(words) w);

-- A word and its other forms, at most fifty, among those that the reader may see.
create function xvc.forms_of(wanted text) returns tsquery
  language sql stable
  return (
    select coalesce(xvc.any_word(array_agg(f.word)) || plainto_tsquery('simple', wanted), plainto_tsquery('simple', wanted))
      from (
        select distinct k.word from xvc.search_word k
         where k.stem = xvc.stem_of(lower(wanted))
           and (k.organization_id = xvc.org() and (k.project_id is null or k.project_id = any (xvc.project_ids()))) is true
         order by k.word limit 50) f
     where f.word <> lower(wanted));

create function xvc.search_query(wanted text[]) returns xvc.search_query
  language sql stable
  return (
    select row(string_agg('(' || u.exact::text || ')', ' & ')::tsquery, string_agg('(' || u.forms::text || ')', ' & ')::tsquery,
               string_agg('(' || (u.forms || case when place = cardinality(wanted) and length(w) >= 2
                 then to_tsquery('simple', quote_literal(w) || ':*') else u.exact end)::text || ')', ' & ')::tsquery)::xvc.search_query
      from (
        select w, place, plainto_tsquery('simple', w) as exact, xvc.forms_of(w) as forms
          from unnest(wanted) with ordinality a(w, place) where plainto_tsquery('simple', w)::text <> '') u);

-- Every word, or one that looks like it; null: no word has one.
create function xvc.similar_query(wanted text[]) returns tsquery
  language sql stable
  return (
    select case when bool_or(cardinality(s.words) > 0) then
             string_agg('(' || concat_ws(' | ', xvc.forms_of(w)::text, xvc.any_word(s.words)::text) || ')', ' & ')::tsquery end
      from unnest(wanted) w cross join lateral (select xvc.similar_words(w) as words) s
     where plainto_tsquery('simple', w)::text <> '');

-- Rows that have `broad`, ranked by the three queries. `at_ms` null: the present texts. `found` counts the candidates.
create function xvc.ranked_texts(
  q xvc.search_query, at_ms bigint, kinds text[], project uuid, person text, from_ms bigint, to_ms bigint, skip integer, most_shown integer
) returns table (kind text, id uuid, project_id uuid, version integer, recorded_at_ms bigint, place bigint, found integer)
  language plpgsql stable set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  most constant integer := 1000;
  -- Of more that lie behind rows without the words not even the latest are looked for.
  most_matches constant integer := 20000;
  organization constant uuid := xvc.org();
  projects constant uuid[] := xvc.project_ids();
  top constant integer := (select last_value / 4096 from xvc.search_entry_number_seq);
  -- How many of the last shelves are looked at; null: all.
  reach integer := 2;
  spots tid[];
begin
  loop
    spots := array(
      select m.spot
        from (
          select e.ctid as spot, e.recorded_from_ms, e.id
            from xvc.search_entry e
           where e.words @@ q.broad and (reach is null or e.shelf && array(select generate_series(top, top - reach + 1, -1)))
             and e.organization_id = organization
             and (project is null and e.project_id is null or e.project_id = any (projects) and e.project_id = coalesce(project, e.project_id))
             and (case when at_ms is null then e.recorded_to_ms is null
                    else e.recorded_from_ms <= at_ms and (e.recorded_to_ms is null or e.recorded_to_ms > at_ms) end)
             and (kinds is null or e.kind = any (kinds))
             and (person is null or person = any (e.person_ids))
             and (from_ms is null or e.recorded_from_ms >= from_ms)
             and (to_ms is null or e.recorded_from_ms < to_ms)
           limit most_matches) m
       order by m.recorded_from_ms desc, m.id desc limit most);
    exit when reach is null or reach > top or cardinality(spots) = most;
    reach := reach * 3 * most / nullif(2 * cardinality(spots), 0);
    if reach > top / 2 then reach := null; end if;
  end loop;
  return query
  with
  -- Their words are unpacked once, and only theirs.
  candidates as materialized (
    select e.kind, e.id, e.project_id, e.version, e.recorded_from_ms, e.words || '' as words
      from xvc.search_entry e where e.ctid = any (spots)),
  ranked as (
    select c.kind, c.id, c.project_id, c.version, c.recorded_from_ms,
           ts_rank('{0, 0, 0.4, 1}', c.words, q.exact, 1) as by_words,
           ts_rank('{0, 0, 0.4, 1}', c.words, q.stems, 1) as by_stems,
           ts_rank('{0, 0, 0.4, 1}', c.words, q.broad, 1) as by_any
      from candidates c),
  placed as (
    select r.*, count(*) over () as candidates,
           case when r.by_words > 0 then 1.0 / (60 + row_number() over (order by r.by_words desc, r.recorded_from_ms desc, r.id desc)) else 0 end
           + case when r.by_stems > 0 then 1.0 / (60 + row_number() over (order by r.by_stems desc, r.recorded_from_ms desc, r.id desc)) else 0 end
           + 1.0 / (60 + row_number() over (order by r.by_any desc, r.recorded_from_ms desc, r.id desc)) as score
      from ranked r)
  select p.kind, p.id, p.project_id, p.version, p.recorded_from_ms, row_number() over (order by p.score desc, p.recorded_from_ms desc, p.id desc),
         p.candidates::integer
    from placed p
   order by p.score desc, p.recorded_from_ms desc, p.id desc offset skip limit most_shown;
end $$;

-- The rows come in order of fitness.
create function xvc.search(
  wanted text[], at_ms bigint, kinds text[], project uuid, person text, from_ms bigint, to_ms bigint, skip integer, most_shown integer
) returns table (
  kind text, id uuid, project_id uuid, recorded_at_ms bigint, title text, body text, near boolean, found integer, similar_words text)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  q xvc.search_query := xvc.search_query(wanted);
  alike tsquery;
  hit record;
  source xvc.search_source;
  shown integer := 0;
begin
  if q.broad is null then return; end if;
  loop
    for hit in
      select r.*, h.row as stored
        from xvc.ranked_texts(q, at_ms, kinds, project, person, from_ms, to_ms, skip, most_shown) r
        join xvc.history h on h.id = r.id and h.version = r.version and h.kind = r.kind and h.project_id is not distinct from r.project_id
       where h.organization_id = xvc.org()
       order by r.place
    loop
      source := xvc.search_source(hit.kind, hit.stored);
      shown := shown + 1;
      return query select hit.kind, hit.id, hit.project_id, hit.recorded_at_ms, source.title, xvc.search_lines(source.texts),
        alike is not null, hit.found, alike::text;
    end loop;
    exit when shown > 0 or alike is not null;
    -- A page past the last match is empty; similar words stand in for matches alone.
    exit when skip > 0 and exists (select from xvc.ranked_texts(q, at_ms, kinds, project, person, from_ms, to_ms, 0, 1));
    alike := xvc.similar_query(wanted);
    exit when alike is null;
    q := (null, null, alike)::xvc.search_query;
  end loop;
end $$;

revoke execute on all routines in schema xvc from public;
grant execute on function xvc.search(text[], bigint, text[], uuid, text, bigint, bigint, integer, integer), xvc.finds_similar() to xvc_app;
