/**
 * What is taken to be true about something: one attribute of one subject, with its value over time. The periods of a fact
 * follow each other without a gap or an overlap, from the first instant about which anything is known and without an end.
 * The row's own versions say what was believed when; the periods say for when.
 */
import { type Entity, projectKind } from "../shared/entity.ts";
import type { ProjectId } from "../shared/ids.ts";

/** Null: it is known that no value is known, such as after an end. */
export type FactValue = string | number | boolean | null;

/** Where a value comes from. */
export interface FactSource {
  readonly text: string;
  /** A page of the web; null: none. */
  readonly address: string | null;
}

/** A value for `[fromMs, toMs)`; null: without an end. */
export interface FactPeriod {
  readonly fromMs: number;
  readonly toMs: number | null;
  readonly value: FactValue;
  readonly source: FactSource;
  readonly byId: string;
  readonly recordedAtMs: number;
}

export interface Fact extends Entity {
  readonly projectId: ProjectId;
  /** `words` for something that has no row here, such as a market. */
  readonly subjectKind: string;
  /** A row's id, or the words in the form they are compared in. */
  readonly subjectId: string;
  /** As people call it. */
  readonly subjectName: string;
  /** In the form it is compared in: lower case, single spaces. */
  readonly attribute: string;
  /** Oldest first; at least 1 and at most `factLimits.periods`. */
  readonly periods: readonly FactPeriod[];
}

export const factKind = projectKind<Fact>("fact");

/** Upper bounds; what exceeds them is refused. */
export const factLimits = {
  periods: 200,
  nameLength: 200,
  attributeLength: 80,
  valueLength: 4_000,
  sourceLength: 1_000,
  addressLength: 2_000,
} as const;

/** The form in which subjects of words and attributes are compared. */
export const comparedForm = (text: string): string => text.normalize("NFC").trim().replaceAll(/\s+/gu, " ").toLowerCase();

/** What is found by words: `find` looks for a part of it. The migration builds the same. */
export const factWords = ({ subjectName, attribute }: Pick<Fact, "subjectName" | "attribute">): string => `${subjectName} ${attribute}`;
