import { isActive } from "../oversight/authority.ts";
import type { Person, Project } from "../oversight/person.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { invariant } from "../shared/failure.ts";
import { asId } from "../shared/ids.ts";
import { type Decided, type Refusal, type Step, beginStep, refuse } from "../shared/transition.ts";
import { dateProblem } from "./decision-draft.ts";
import { type Fact, type FactPeriod, type FactSource, type FactValue, comparedForm, factKind, factLimits } from "./fact.ts";
import { isTiled, nextChangeMs, putPeriod } from "./fact-periods.ts";

/** Says that an attribute has a value from an instant on: the world has changed. It holds until the next change that is known. */
export interface RecordFact {
  readonly kind: "record-fact";
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly subjectName: string;
  readonly attribute: string;
  readonly value: FactValue;
  /** Null: from now. */
  readonly fromMs: number | null;
  readonly source: FactSource;
  /** The version that the caller saw; null: there was no such fact. */
  readonly expectedVersion: number | null;
}

/** Says that what was believed for a time was wrong. */
export interface CorrectFact {
  readonly kind: "correct-fact";
  readonly factId: string;
  readonly expectedVersion: number;
  readonly value: FactValue;
  readonly fromMs: number;
  /** Null: without an end. */
  readonly toMs: number | null;
  readonly source: FactSource;
}

export interface RecordFactSlice {
  readonly project: Project;
  readonly person: Person | undefined;
  readonly subjectIsThere: boolean;
  readonly fact: Fact | undefined;
}

export interface FactSlice {
  readonly fact: Fact;
  readonly person: Person | undefined;
}

/** Records a value from an instant on; the period before it ends there. */
export function decideFact(slice: RecordFactSlice, command: RecordFact, context: DecideContext): Decided {
  const { person, fact } = slice;
  const refused = speakerProblem(person) ?? newFactProblem(slice, command) ?? saidProblem(command, context);
  if (refused !== null) return refused;
  const fromMs = command.fromMs ?? context.nowMs;
  const periods = fact === undefined ? [] : fact.periods;
  if (periods.some((period) => period.fromMs === fromMs))
    return refuse(
      "conflict",
      "fact.already-recorded",
      "A value is on record from this very instant. If it was wrong, correct it; the correction is kept beside what was believed.",
    );
  const put = periodOf(context, { ...command, fromMs, toMs: nextChangeMs(periods, fromMs) });
  const step = beginStep(context);
  if (fact !== undefined) return goOn(step, fact, put);
  const created = step.draft.create(factKind, {
    id: context.newId(),
    projectId: asId(slice.project.id),
    subjectKind: command.subjectKind,
    subjectId: command.subjectKind === "words" ? comparedForm(command.subjectId) : command.subjectId,
    subjectName: command.subjectName.trim(),
    attribute: comparedForm(command.attribute),
    periods: putPeriod([], put),
  });
  step.draft.record(factKind, created, "fact.recorded", told(created, put));
  return accepted(step, created);
}

/** The next value of a fact that is there already. */
function goOn(step: Step, fact: Fact, put: FactPeriod): Decided {
  const full = write(step, fact, put);
  if (full !== null) return full;
  step.draft.record(factKind, fact, "fact.recorded", told(fact, put));
  return accepted(step, fact);
}

/** Puts another value over a range that was believed to be otherwise; what surrounds the range stays. */
export function decideCorrection(slice: FactSlice, command: CorrectFact, context: DecideContext): Decided {
  const { person, fact } = slice;
  const refused = speakerProblem(person) ?? raceProblem(fact, command.expectedVersion) ?? saidProblem(command, context);
  if (refused !== null) return refused;
  const { fromMs, toMs } = command;
  if (toMs !== null && toMs <= fromMs) return refuse("invalid", "fact.invalid", "The time a value holds for ends after it begins.");
  const step = beginStep(context);
  const put = periodOf(context, command);
  const full = write(step, fact, put);
  if (full !== null) return full;
  step.draft.record(factKind, fact, "fact.corrected", told(fact, put));
  return accepted(step, fact);
}

const periodOf = (
  { actor, nowMs }: DecideContext,
  { fromMs, toMs, value, source }: Pick<FactPeriod, "fromMs" | "toMs" | "value" | "source">,
): FactPeriod => ({
  fromMs,
  toMs,
  value: typeof value === "string" ? value.trim() : value,
  source: { text: source.text.trim(), address: source.address },
  byId: actor.id,
  recordedAtMs: nowMs,
});

/** Writes the periods with a value put over them; a refusal when they would be too many. */
function write({ draft }: Step, fact: Fact, put: FactPeriod): Refusal | null {
  const periods = putPeriod(fact.periods, put);
  if (periods.length > factLimits.periods)
    return refuse(
      "exhausted",
      "fact.too-many-periods",
      `A fact keeps at most ${factLimits.periods} periods; what changes this often is measured, not recorded by hand.`,
    );
  invariant(isTiled(periods), "The periods of a fact follow each other.");
  draft.change(factKind, fact, { periods });
  return null;
}

/** Characters of a value that its event repeats; the row has all of it. */
const maxToldText = 500;

const told = (fact: Fact, { value, fromMs, toMs, source }: FactPeriod) => ({
  subjectKind: fact.subjectKind,
  subjectId: fact.subjectId,
  subjectName: fact.subjectName,
  attribute: fact.attribute,
  value: typeof value === "string" ? value.slice(0, maxToldText) : value,
  fromMs,
  toMs,
  source: source.text.slice(0, maxToldText),
});

function accepted({ draft }: Step, fact: Fact): Decided {
  const { id, version } = draft.current(factKind, fact);
  return draft.accept({ id, version });
}

const speakerProblem = (person: Person | undefined): Refusal | null =>
  isActive(person)
    ? null
    : refuse("forbidden", "authority.not-a-member", "Only an active member of the organization puts facts on record.");

const raceProblem = (fact: Fact | undefined, expectedVersion: number | null): Refusal | null =>
  (fact?.version ?? null) === expectedVersion
    ? null
    : refuse(
        "conflict",
        "fact.changed",
        fact === undefined
          ? "There is no such fact yet; record it without a version."
          : `What is known of "${fact.attribute}" has changed (version ${fact.version}); look at it again.`,
        { version: fact?.version ?? null },
      );

function newFactProblem({ subjectIsThere, fact }: RecordFactSlice, command: RecordFact): Refusal | null {
  const { nameLength, attributeLength } = factLimits;
  if (!subjectIsThere) return refuse("not-found", "fact.subject-missing", "What the fact is about is not there, or not yours to see.");
  const named = (text: string, most: number): boolean => comparedForm(text) !== "" && text.length <= most;
  if (!named(command.subjectName, nameLength) || !named(command.subjectId, nameLength))
    return refuse("invalid", "fact.invalid", `What a fact is about has a name of at most ${nameLength} characters.`);
  if (!named(command.attribute, attributeLength))
    return refuse("invalid", "fact.invalid", `An attribute is a few words, at most ${attributeLength} characters.`);
  return raceProblem(fact, command.expectedVersion);
}

/** What is wrong with a value, its time or its source. */
function saidProblem(
  {
    value,
    fromMs,
    source,
    ...said
  }: Pick<CorrectFact, "value" | "source"> & {
    readonly fromMs: number | null;
    readonly toMs?: number | null;
  },
  { nowMs }: DecideContext,
): Refusal | null {
  const { valueLength } = factLimits;
  if (!isValue(value))
    return refuse("invalid", "fact.invalid", `A value is a text of at most ${valueLength} characters, a number, yes, no, or not known.`);
  const problem = dateProblem("holds from", fromMs, nowMs) ?? dateProblem("holds until", said.toMs ?? null, nowMs);
  return problem === null ? sourceProblem(source) : refuse("invalid", "fact.invalid", problem);
}

const isValue = (value: FactValue): boolean =>
  typeof value === "string"
    ? value.trim() !== "" && value.length <= factLimits.valueLength
    : typeof value !== "number" || Number.isFinite(value);

function sourceProblem({ text, address }: FactSource): Refusal | null {
  const { sourceLength, addressLength } = factLimits;
  if (text.trim() === "" || text.length > sourceLength)
    return refuse(
      "invalid",
      "fact.source-missing",
      `Say where it comes from, in at most ${sourceLength} characters; a value without its source cannot be checked.`,
    );
  // Shown as a link: anything but a page of the web could run in the reader's browser.
  const isAddress = address === null || (/^https?:\/\/\S+$/u.test(address) && address.length <= addressLength);
  return isAddress ? null : refuse("invalid", "fact.invalid", "The address of a source begins with https:// or http://.");
}
