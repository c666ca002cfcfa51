import { type Fact, type FactPeriod, comparedForm, factKind } from "../../core/memory/fact.ts";
import { periodAt } from "../../core/memory/fact-periods.ts";
import { Failure } from "../../core/shared/failure.ts";
import { type NamedPerformer, type People, namedPerson, readPeople } from "../oversight/people-view.ts";
import type { Reader } from "../ports/store.ts";

export interface FactRowView {
  readonly id: string;
  readonly version: number;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly subjectName: string;
  readonly attribute: string;
  /** What holds at the instant asked about; null: nothing is known of it. */
  readonly period: (FactPeriod & { readonly by: NamedPerformer | null }) | null;
  readonly periodCount: number;
}

export interface FactPageView {
  readonly schema: "xvc.facts/1";
  readonly items: readonly FactRowView[];
  readonly nextCursor: string | null;
}

export interface FactDetailView extends FactRowView {
  readonly schema: "xvc.fact/1";
  readonly periods: readonly (FactPeriod & { readonly by: NamedPerformer | null })[];
}

export interface FactQuery {
  /** A part of the subject's name or the attribute. */
  readonly words?: string;
  readonly subject?: { readonly kind: string; readonly id: string };
  readonly attribute?: string;
  readonly cursor?: string;
  /** 1 to 200. */
  readonly limit: number;
  /** For what holds at this instant. */
  readonly validMs: number;
}

/** A page of facts with the value that holds at an instant, the oldest fact first. */
export async function factPageView(reader: Reader, asked: FactQuery): Promise<FactPageView> {
  const { words, subject, attribute, cursor } = asked;
  const rows = await reader.find(factKind, {
    where: {
      ...(subject === undefined
        ? {}
        : { subjectKind: subject.kind, subjectId: subject.kind === "words" ? comparedForm(subject.id) : subject.id }),
      ...(attribute === undefined ? {} : { attribute: comparedForm(attribute) }),
    },
    ...(words === undefined ? {} : { contains: { field: "words", text: comparedForm(words) } }),
    limit: asked.limit + 1,
    ...(cursor === undefined ? {} : { afterId: cursor }),
  });
  const people = await readPeople(reader);
  const shown = rows.slice(0, asked.limit);
  return {
    schema: "xvc.facts/1",
    items: shown.map((fact) => rowOf(fact, people, asked.validMs)),
    nextCursor: rows.length > asked.limit ? (shown.at(-1)?.id ?? null) : null,
  };
}

/** One fact with all its periods. @throws {Failure} `fact.not-found` */
export async function factDetailView(reader: Reader, id: string, validMs: number): Promise<FactDetailView> {
  const fact = await reader.get(factKind, id);
  if (fact === undefined)
    throw new Failure("not-found", "fact.not-found", {
      message: "There is no such fact, or it is not yours to see. xvc memory facts lists those that are.",
    });
  const people = await readPeople(reader);
  return { schema: "xvc.fact/1", ...rowOf(fact, people, validMs), periods: fact.periods.map((period) => named(period, people)) };
}

const named = (period: FactPeriod, people: People) => ({ ...period, by: namedPerson(people, period.byId) });

function rowOf(fact: Fact, people: People, validMs: number): FactRowView {
  const { id, version, subjectKind, subjectId, subjectName, attribute, periods } = fact;
  const period = periodAt(periods, validMs);
  return {
    id,
    version,
    subjectKind,
    subjectId,
    subjectName,
    attribute,
    period: period === undefined ? null : named(period, people),
    periodCount: periods.length,
  };
}
