import { entityKindOf, entityLabel, type EntityRecord } from "../../core/memory/entity.ts";
import { type Fact, factKind } from "../../core/memory/fact.ts";
import { periodAt } from "../../core/memory/fact-periods.ts";
import { type Relation, relationKind } from "../../core/memory/relation.ts";
import { wordsOf } from "../../core/memory/relevance.ts";
import { type Decision, decisionKind, isInForce } from "../../core/oversight/decision.ts";
import { objectiveKind, objectiveLabel } from "../../core/oversight/objective.ts";
import { principleKind, principleLabel, principleLimits } from "../../core/oversight/principle.ts";
import { canonicalJson } from "../../core/shared/json.ts";
import type { Candidate, Gathering } from "./context-sources.ts";
import { lines, listed, points } from "./context-sources.ts";

/** Upper bounds of the rows that are looked at, the newest first. */
export const recordLimits = { decisions: 500, binding: 40, facts: 1_000, relations: 100, entities: 50 } as const;

/** What the organization holds: decisions in force, principles, the objective served, and what is known of what the task names. */
export async function recordCandidates(gathering: Gathering): Promise<readonly Candidate[]> {
  const [decisions, guiding, known] = await Promise.all([
    decisionCandidates(gathering),
    guidingCandidates(gathering),
    knownCandidates(gathering),
  ]);
  return [...decisions, ...guiding, ...known];
}

/** Rows of which a decision binds this task. */
function boundBy({ task, request }: Gathering): ReadonlyMap<string, string> {
  const rows: readonly (readonly [string | null | undefined, string])[] = [
    [task.id, "It is about this task."],
    [task.planId, "It is about the plan of this task."],
    [request.id, "It is about the request."],
    [request.epicId, "It is about the epic of the request."],
    [request.objectiveId, "It is about the objective that the request serves."],
    [task.sprintId, "It is about the sprint that the task is planned for."],
  ];
  return new Map(rows.flatMap(([id, reason]): [string, string][] => (typeof id === "string" ? [[id, reason]] : [])));
}

async function decisionCandidates(gathering: Gathering): Promise<readonly Candidate[]> {
  const { reader, request, nowMs } = gathering;
  const bound = boundBy(gathering);
  const page = { newestFirst: true, limit: recordLimits.decisions };
  const found = await Promise.all([
    reader.find(decisionKind, { where: { state: "made", subjectId: [...bound.keys()] }, ...page }),
    reader.find(decisionKind, { where: { state: "made", requestId: request.id }, ...page }),
    reader.find(decisionKind, { where: { state: "made", requestId: null }, ...page }),
  ]);
  const inForce = [...new Map(found.flat().map((one) => [one.id, one])).values()].filter((one) => isInForce(one, nowMs));
  const binding = inForce.filter((one) => one.origin === "recorded" && isBound(one, bound, request.id)).slice(0, recordLimits.binding);
  const pinned = new Set(binding.map(({ id }) => id));
  return inForce
    .filter((one) => one.projectId === null || one.projectId === request.projectId)
    .map((one) => ({
      id: `decision:${one.id}`,
      kind: "decision",
      title: one.question.slice(0, maxTitleChars),
      text: decisionText(one),
      pinned: pinned.has(one.id),
      ...standingOf(one, bound, request.id),
    }));
}

const isBound = (one: Decision, bound: ReadonlyMap<string, string>, requestId: string): boolean =>
  one.requestId === requestId || bound.has(one.subjectId);

function standingOf(one: Decision, bound: ReadonlyMap<string, string>, requestId: string): Pick<Candidate, "base" | "reason"> {
  const about = bound.get(one.subjectId) ?? (one.requestId === requestId ? "It is part of the request." : null);
  if (one.origin === "flow") return { base: 0.4, reason: `A decision in force. ${about ?? "It was made in the flow of work."}` };
  return about === null
    ? { base: 0.15, reason: "A decision in force in this project." }
    : { base: 0.9, reason: `A decision in force that binds this task. ${about}` };
}

/** Characters of a question that make a title; a longer one is told whole in the text. */
const maxTitleChars = 300;

function decisionText(one: Decision): string {
  const chosen = one.options.find(({ id }) => id === one.choice)?.label ?? one.choice ?? "";
  return lines(
    one.question.length > maxTitleChars && `Asked: ${one.question}`,
    one.topic !== null && `Topic: ${one.topic}`,
    `Decided: ${chosen}`,
    one.rationale,
    points(
      "Not taken",
      one.options.filter(({ id }) => id !== one.choice).map(({ label }) => label),
    ),
    one.outcome !== null && `How it turned out: ${one.outcome.verdict}. ${one.outcome.text}`,
  );
}

async function guidingCandidates({ reader, request }: Gathering): Promise<readonly Candidate[]> {
  const [principles, objective] = await Promise.all([
    reader.find(principleKind, { where: { state: "in-force" }, limit: principleLimits.inForce }),
    typeof request.objectiveId === "string" ? reader.get(objectiveKind, request.objectiveId) : undefined,
  ]);
  const guiding = principles.map((one): Candidate => ({
    id: `principle:${one.id}`,
    kind: "principle",
    title: `${principleLabel(one.number)} ${one.statement}`,
    text: one.explanation,
    pinned: false,
    base: 0.25,
    reason: "A principle in force.",
  }));
  if (objective === undefined) return guiding;
  const served: Candidate = {
    id: `objective:${objective.id}`,
    kind: "objective",
    title: `${objectiveLabel(objective.number)} ${objective.title}`,
    text: points(
      "Measured by",
      objective.keyResults.map(
        ({ statement, currentValue, targetValue, unit }) => `${statement}: ${currentValue} of ${targetValue} ${unit}`,
      ),
    ),
    pinned: false,
    base: 0.5,
    reason: "The request serves it.",
  };
  return [served, ...guiding];
}

/** Entities tied to the request or the task, and facts of those, of the work itself, and of whatever the task names. */
async function knownCandidates(gathering: Gathering): Promise<readonly Candidate[]> {
  const { reader, request, task } = gathering;
  const here = [request.id, task.id];
  const ties = await Promise.all(
    ["fromId", "toId"].map((end) => reader.find(relationKind, { where: { [end]: here, state: "present" }, limit: recordLimits.relations })),
  );
  const roles = rolesOf(ties.flat(), new Set<string>(here));
  const entities = (await reader.getMany(entityKindOf, [...roles.keys()].slice(0, recordLimits.entities))).filter(
    ({ state, projectId }) => state === "active" && projectId === request.projectId,
  );
  const about = new Set<string>([...here, request.projectId, request.epicId ?? request.id, ...entities.map(({ id }) => id)]);
  const [ours, newest] = await Promise.all([
    reader.find(factKind, { where: { subjectId: [...about] }, newestFirst: true, limit: recordLimits.facts }),
    reader.find(factKind, { newestFirst: true, limit: recordLimits.facts }),
  ]);
  const named = namedIn(gathering.question);
  const facts = new Map([...ours, ...newest.filter((fact) => named(fact.subjectName))].map((fact) => [fact.id, fact]));
  return [
    ...entities.map((entity) => entityCandidate(entity, roles.get(entity.id) ?? "related")),
    ...[...facts.values()]
      .filter((fact) => fact.projectId === request.projectId)
      .flatMap((fact) => factCandidate(fact, { isOurs: about.has(fact.subjectId), nowMs: gathering.nowMs })),
  ];
}

/** Entities at the other end of a tie, with its role. */
function rolesOf(ties: readonly Relation[], here: ReadonlySet<string>): ReadonlyMap<string, string> {
  return new Map(
    ties.flatMap(({ fromKind, fromId, role, toKind, toId }): [string, string][] => {
      const [kind, id] = here.has(fromId) ? [toKind, toId] : [fromKind, fromId];
      return kind === "entity" ? [[id, role]] : [];
    }),
  );
}

/** Shortest name that is looked for among the words of a task: shorter ones are in everything. */
const shortestName = 3;

/** Whether a name stands in a text as whole words. */
function namedIn(text: string): (name: string) => boolean {
  const words = ` ${wordsOf(text).join(" ")} `;
  return (name) => {
    const wanted = wordsOf(name).join(" ");
    return wanted.length >= shortestName && words.includes(` ${wanted} `);
  };
}

const entityCandidate = (entity: EntityRecord, role: string): Candidate => ({
  id: `entity:${entity.id}`,
  kind: "fact",
  title: `${entityLabel(entity)} ${entity.title}`,
  text: lines(
    ...Object.entries(entity.data).map(([name, value]) => `${name}: ${typeof value === "string" ? value : canonicalJson(value)}`),
    listed(
      "Attached",
      entity.attachments.map(({ name }) => name),
    ),
  ),
  pinned: false,
  base: 0.5,
  reason: `Tied to the work as "${role}".`,
});

function factCandidate(fact: Fact, { isOurs, nowMs }: { readonly isOurs: boolean; readonly nowMs: number }): readonly Candidate[] {
  const period = periodAt(fact.periods, nowMs);
  if (period === undefined || period.value === null) return [];
  return [
    {
      id: `fact:${fact.id}`,
      kind: "fact",
      title: `${fact.subjectName}, ${fact.attribute}`,
      text: lines(
        `${fact.subjectName}, ${fact.attribute}: ${String(period.value)}`,
        period.source.text !== "" && `Source: ${period.source.text}`,
      ),
      pinned: false,
      base: 0.5,
      reason: isOurs ? "What holds now of what the work is about." : `The task names ${fact.subjectName}; this holds of it now.`,
    },
  ];
}
