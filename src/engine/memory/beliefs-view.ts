import { type ComparedDecision, type ComparedFact, compareDecision, compareFact } from "../../core/memory/compare-beliefs.ts";
import { type Fact, type FactPeriod, factKind } from "../../core/memory/fact.ts";
import { wantedWords } from "../../core/memory/search-words.ts";
import { type Decision, type DecisionOutcome, decisionKind } from "../../core/oversight/decision.ts";
import type { Entity, EntityKind } from "../../core/shared/entity.ts";
import { type NamedPerformer, type People, namedPerson, readPeople } from "../oversight/people-view.ts";
import type { TextFound } from "../ports/search.ts";
import type { Reader } from "../ports/store.ts";
import { type DecisionRowView, decisionRows } from "./decisions-view.ts";

/** What it is about: words, or a row. */
export type About =
  | { readonly kind: "words"; readonly words: string }
  | { readonly kind: "row"; readonly subjectKind: string; readonly id: string };

/** Facts, and decisions, told at once. */
const most = 100;

/** Rows as they are now; `more`: there are others that match. */
interface Found {
  readonly facts: readonly Fact[];
  readonly decisions: readonly Decision[];
  readonly more: boolean;
  readonly similar: readonly string[];
}

/** A period with the name of who recorded it. */
export type NamedPeriod = FactPeriod & { readonly by: NamedPerformer | null };

export interface BelievedFactView {
  readonly id: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly subjectName: string;
  readonly attribute: string;
  readonly believed: NamedPeriod | null;
  readonly known: NamedPeriod | null;
  readonly today: NamedPeriod | null;
  readonly change: ComparedFact["change"];
}

export interface BelievedDecisionView extends ComparedDecision {
  /** As it is now. */
  readonly decision: DecisionRowView;
  readonly supersededById: string | null;
  readonly outcome: { readonly verdict: DecisionOutcome["verdict"]; readonly text: string; readonly atMs: number } | null;
}

export interface BeliefsView {
  readonly schema: "xvc.beliefs/1";
  /** As the record was at this instant. */
  readonly recordedMs: number;
  /** For what held at this instant. */
  readonly validMs: number;
  readonly facts: readonly BelievedFactView[];
  readonly decisions: readonly BelievedDecisionView[];
  readonly more: boolean;
  /** Words that were taken because nothing has the wanted ones. */
  readonly similar: readonly string[];
}

/** Runs work on the record as it was at the instant asked about. */
export type ReadThen = <Result>(work: (reader: Reader) => Promise<Result>) => Promise<Result>;

/**
 * What was believed and decided about something, as the record was at one instant and for what held at another, and what
 * changed since. What things are about never changes, so what is found now is what was there to be found then.
 */
export async function beliefsView(
  now: Reader,
  readThen: ReadThen,
  asked: { readonly about: About; readonly recordedMs: number; readonly validMs: number; readonly nowMs: number },
): Promise<BeliefsView> {
  const found = await find(now, asked.about);
  const [factsThen, decisionsThen] = await readThen((then) =>
    Promise.all([then.getMany(factKind, idsOf(found.facts)), then.getMany(decisionKind, idsOf(found.decisions))]),
  );
  const people = await readPeople(now);
  const rows = await decisionRows(now, found.decisions);
  const factById = new Map(factsThen.map((fact) => [fact.id, fact]));
  const decisionById = new Map(decisionsThen.map((decision) => [decision.id, decision]));
  return {
    schema: "xvc.beliefs/1",
    recordedMs: asked.recordedMs,
    validMs: asked.validMs,
    facts: found.facts
      .map((fact) => believedFact({ past: factById.get(fact.id), now: fact }, { ...asked, people }))
      .filter((fact) => fact.believed !== null || fact.known !== null || fact.today !== null),
    decisions: found.decisions.map((decision, at) =>
      believedDecision({ past: decisionById.get(decision.id), now: decision }, { asked, row: rows[at] }),
    ),
    more: found.more,
    similar: found.similar,
  };
}

const idsOf = (rows: readonly Entity[]): readonly string[] => rows.map((row) => row.id);

const find = (reader: Reader, about: About): Promise<Found> =>
  about.kind === "words" ? findByWords(reader, about.words) : findAboutRow(reader, about);

/** By the search of the whole product, the fittest first; what it finds misspelled is told. */
async function findByWords(reader: Reader, text: string): Promise<Found> {
  const words = wantedWords(text);
  const look = (kind: EntityKind<Entity>): Promise<TextFound> => reader.search({ words, kinds: [kind.name], skip: 0, limit: most });
  const [facts, decisions] = await Promise.all([look(factKind), look(decisionKind)]);
  const [factRows, decisionRowsFound] = await Promise.all([
    reader.getMany(factKind, hitIds(facts)),
    reader.getMany(decisionKind, hitIds(decisions)),
  ]);
  const similar = [facts, decisions].flatMap((found) => (found.hits.some(({ near }) => near) ? found.similar : []));
  return {
    facts: inOrder(factRows, hitIds(facts)),
    decisions: inOrder(decisionRowsFound, hitIds(decisions)),
    more: facts.ranked > most || decisions.ranked > most,
    similar: [...new Set(similar)].filter((word) => !words.includes(word)),
  };
}

const hitIds = ({ hits }: TextFound): readonly string[] => hits.map(({ id }) => id);

function inOrder<Row extends Entity>(rows: readonly Row[], ids: readonly string[]): readonly Row[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

async function findAboutRow(reader: Reader, { subjectKind, id }: About & { readonly kind: "row" }): Promise<Found> {
  const limit = most + 1;
  const [facts, decisions] = await Promise.all([
    reader.find(factKind, { where: { subjectKind, subjectId: id }, limit }),
    reader.find(decisionKind, {
      where: subjectKind === "request" ? { requestId: id } : { subjectId: id },
      newestFirst: true,
      limit,
    }),
  ]);
  const more = facts.length > most || decisions.length > most;
  return { facts: facts.slice(0, most), decisions: decisions.slice(0, most), more, similar: [] };
}

function believedFact(
  fact: { readonly past: Fact | undefined; readonly now: Fact },
  around: { readonly validMs: number; readonly nowMs: number; readonly people: People },
): BelievedFactView {
  const named = (period: FactPeriod | null): NamedPeriod | null =>
    period === null ? null : { ...period, by: namedPerson(around.people, period.byId) };
  const { believed, known, today, change } = compareFact(fact, around.validMs, around.nowMs);
  const { id, subjectKind, subjectId, subjectName, attribute } = fact.now;
  return {
    id,
    subjectKind,
    subjectId,
    subjectName,
    attribute,
    change,
    believed: named(believed),
    known: named(known),
    today: named(today),
  };
}

function believedDecision(
  decision: { readonly past: Decision | undefined; readonly now: Decision },
  { asked, row }: { readonly asked: { readonly validMs: number }; readonly row: DecisionRowView | undefined },
): BelievedDecisionView {
  const { outcome, supersededById } = decision.now;
  return {
    ...compareDecision(decision, asked.validMs),
    decision: row as DecisionRowView, // one row per decision, in their order
    supersededById,
    outcome: outcome === null ? null : { verdict: outcome.verdict, text: outcome.text, atMs: outcome.atMs },
  };
}
