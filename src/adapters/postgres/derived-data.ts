import type { Client } from "pg";
import { entityTables } from "../../engine/ports/entity-tables.ts";
import { searchedKinds } from "../../engine/ports/search-texts.ts";
import { enterOrganization } from "./copied-tables.ts";
import { withClient } from "./database-url.ts";

/** Data that follows from the history, as it is kept and as it is made anew: two queries of one column `line`, for the organization in context. */
export interface Derived {
  readonly name: string;
  readonly kept: string;
  readonly rebuilt: string;
}

/** Entries of the search: one where the text of a row became another one, until it did so again. */
const searchEntries: Derived = {
  name: "search entries",
  kept: `
    select (e.organization_id, e.project_id, e.kind, e.id, e.version, e.words, e.recorded_from_ms, e.recorded_to_ms, e.person_ids)::text as line
      from xvc.search_entry e where e.organization_id = xvc.org()`,
  rebuilt: `
    with texts as (
      select h.organization_id, h.project_id, h.kind, h.id, h.version, h.recorded_at_ms, xvc.search_source(h.kind, h.row) as found
        from xvc.history h
       where h.organization_id = xvc.org() and h.kind = any ('{${searchedKinds.join(",")}}')
         and not exists (select from xvc.entity e where e.id = h.id and e.state = 'purged')),
    turns as (
      select t.*, t.found is distinct from lag(t.found) over (partition by t.organization_id, t.kind, t.id order by t.version) as turned,
             lag(t.version) over (partition by t.organization_id, t.kind, t.id order by t.version) is null as begins
        from texts t),
    spans as (
      select s.*, lead(s.recorded_at_ms) over (partition by s.organization_id, s.kind, s.id order by s.version) as until_ms
        from turns s where s.turned or s.begins)
    select (s.organization_id, s.project_id, s.kind, s.id, s.version, xvc.search_words(s.found), s.recorded_at_ms, s.until_ms,
            (s.found).person_ids)::text as line
      from spans s where s.found is not null`,
};

/** Words with their stems, by which other forms and misspelled ones are found: made from the entries, which are compared themselves. */
const searchWords: Derived = {
  name: "search words",
  kept: `select distinct (w.organization_id, w.project_id, w.word, w.stem)::text as line from xvc.search_word w where w.organization_id = xvc.org()`,
  rebuilt: `
    select distinct (e.organization_id, e.project_id, w.lexeme, xvc.stem_of(w.lexeme))::text as line
      from xvc.search_entry e cross join lateral unnest(e.words) w
     where e.organization_id = xvc.org() and length(w.lexeme) between 2 and 40 and w.lexeme !~ '[0-9]'`,
};

/** The present rows of a kind are the last versions of the history. */
const presentRows = (name: string): Derived => ({
  name,
  kept: `select to_jsonb(t)::text as line from xvc.${name} t where ${name === "organization" ? "t.id" : "t.organization_id"} = xvc.org()`,
  rebuilt: `
    select v.line from (
      select distinct on (h.organization_id, h.project_id, h.id) h.row::text as line from xvc.history h
       where h.organization_id = xvc.org() and h.kind = '${name}'
       order by h.organization_id, h.project_id, h.id, h.version desc) v`,
});

/** Everything that is kept beside the history and follows from it. */
export const derivedData: readonly Derived[] = [searchEntries, searchWords, ...entityTables.map(({ kind }) => presentRows(kind.name))];

/** How what is kept compares with what was made anew. */
export interface DerivedFinding {
  readonly name: string;
  readonly rows: number;
  /** Made anew and not kept so. */
  readonly missing: number;
  /** Kept and not made anew. */
  readonly surplus: number;
  /** The beginnings of some of them. */
  readonly samples: readonly string[];
}

const maxSamples = 3;
const maxSampleChars = 300;

/** Makes everything derived anew in one snapshot and compares it byte for byte. Writes nothing. Cost: it reads the whole history. */
export function compareDerived(ownerUrl: string, organizationId: string): Promise<readonly DerivedFinding[]> {
  return withClient(ownerUrl, { applicationName: "xvc rebuild" }, async (client) => {
    await client.query("begin isolation level repeatable read read only");
    await enterOrganization(client, organizationId);
    const findings: DerivedFinding[] = [];
    for (const derived of derivedData) findings.push(await compareOne(client, derived));
    await client.query("commit");
    return findings;
  });
}

async function compareOne(client: Client, { name, kept, rebuilt }: Derived): Promise<DerivedFinding> {
  const [found] = (
    await client.query<{ rows: string; missing: string; surplus: string; samples: readonly string[] | null }>(
      `with kept as materialized (${kept}), rebuilt as materialized (${rebuilt}),
            missing as materialized (select line from rebuilt except all select line from kept),
            surplus as materialized (select line from kept except all select line from rebuilt)
       select (select count(*) from kept) as rows, (select count(*) from missing) as missing, (select count(*) from surplus) as surplus,
              array(select left(s.line, ${maxSampleChars}) from (
                (select 'not kept: ' || line as line from missing order by 1 limit ${maxSamples})
                union all (select 'not in the history: ' || line from surplus order by 1 limit ${maxSamples})) s) as samples`,
    )
  ).rows;
  return {
    name,
    rows: Number(found?.rows ?? 0),
    missing: Number(found?.missing ?? 0),
    surplus: Number(found?.surplus ?? 0),
    samples: found?.samples ?? [],
  };
}
