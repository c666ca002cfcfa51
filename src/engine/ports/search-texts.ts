import { taskKind } from "../../core/execution/task.ts";
import { sprintKind } from "../../core/execution/sprint.ts";
import { deliverableKind } from "../../core/integration/deliverable.ts";
import { entityKindOf } from "../../core/memory/entity.ts";
import { factKind } from "../../core/memory/fact.ts";
import { decisionKind } from "../../core/oversight/decision.ts";
import { objectiveKind } from "../../core/oversight/objective.ts";
import { principleKind } from "../../core/oversight/principle.ts";
import { personaKind } from "../../core/personas/persona.ts";
import { playbookKind } from "../../core/planning/plan.ts";
import { commentKind } from "../../core/requests/comment.ts";
import { epicKind } from "../../core/requests/epic.ts";
import { requestKind } from "../../core/requests/request.ts";
import type { Entity, EntityKind } from "../../core/shared/entity.ts";
import { searchCaps } from "./search.ts";

/** What of a row is searched; the migration `0012-search.sql` builds the same. */
export interface SearchText {
  readonly title: string;
  readonly body: string;
  readonly personIds: readonly string[];
}

interface TextSource {
  readonly kind: EntityKind<Entity>;
  /** Paths of texts and numbers, lists taken apart; `data.**`: everything inside. */
  readonly title: readonly string[];
  readonly body: readonly string[];
  /** Paths of ids of people. */
  readonly people: readonly string[];
  /** States in which nothing of it is searched. */
  readonly hidden?: readonly string[];
}

/** Content of uploaded files is not among them, and neither are people: a word of a sealed name must not stand in an index. */
const sources: readonly TextSource[] = [
  {
    kind: requestKind,
    title: ["title"],
    body: ["text", "brief.interpretation", "brief.goals", "brief.constraints", "brief.unknowns", "brief.approach"],
    people: ["requesterId"],
  },
  {
    kind: taskKind,
    title: ["title"],
    body: ["key", "spec.acceptance.statement", "spec.skills", "spec.outputs", "answers.question", "answers.answer", "reworkPoints.text"],
    people: [],
  },
  {
    kind: decisionKind,
    title: ["question"],
    body: [
      "topic",
      "rationale",
      "choice",
      "options.label",
      "options.pros",
      "options.cons",
      "confidence.wouldProveWrong",
      "outcome.text",
      "links.label",
    ],
    people: ["deciderId"],
  },
  { kind: commentKind, title: [], body: ["text"], people: ["authorId"], hidden: ["removed"] },
  {
    kind: entityKindOf,
    title: ["title"],
    body: ["typeKey", "key", "data.**", "attachments.name"],
    people: [],
    hidden: ["deleted", "purged"],
  },
  { kind: epicKind, title: ["title"], body: ["goal", "reason"], people: ["ownerId"] },
  { kind: sprintKind, title: ["title"], body: ["goal", "closing.reason"], people: [] },
  { kind: factKind, title: ["subjectName", "attribute"], body: ["periods.value", "periods.source.text"], people: [] },
  { kind: deliverableKind, title: [], body: ["files.name"], people: [] },
  { kind: objectiveKind, title: ["title"], body: ["keyResults.statement"], people: ["ownerId"] },
  { kind: principleKind, title: ["statement"], body: ["explanation"], people: ["writtenBy"] },
  { kind: personaKind, title: ["key"], body: ["worldview", "specializations", "skills", "division"], people: [] },
  { kind: playbookKind, title: ["name"], body: ["division", "matches", "plan.title", "plan.tasks.title"], people: [] },
];

const byKind: ReadonlyMap<string, TextSource> = new Map(sources.map((source) => [source.kind.name, source]));

/** Names of the kinds whose rows are searched. */
export const searchedKinds: readonly string[] = sources.map(({ kind }) => kind.name);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Keys as `jsonb` orders them: short before long. */
const keysOf = (value: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.keys(value).toSorted((one, other) => one.length - other.length || (one < other ? -1 : 1));

function leavesOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap((member: unknown) => leavesOf(member));
  return isObject(value) ? keysOf(value).flatMap((key) => leavesOf(value[key])) : [value];
}

function valuesAt(value: unknown, [name, ...rest]: readonly string[]): readonly unknown[] {
  if (name === "**") return leavesOf(value);
  if (Array.isArray(value)) return value.flatMap((member: unknown) => valuesAt(member, name === undefined ? [] : [name, ...rest]));
  if (name === undefined) return [value];
  return isObject(value) ? valuesAt(value[name], rest) : [];
}

const textsAt = (row: Entity, paths: readonly string[]): readonly string[] =>
  paths
    .flatMap((path) => valuesAt(row, path.split(".")))
    .flatMap((value) => (typeof value === "string" || typeof value === "number" ? [String(value)] : []))
    .filter((text) => text !== "");

/** At most so many characters, none cut in two. */
const upTo = (text: string, length: number): string => (text.length <= length ? text : Array.from(text).slice(0, length).join(""));

/** What of a row is searched; null: nothing. */
export function searchTextOf(kind: string, row: Entity): SearchText | null {
  const source = byKind.get(kind);
  if (source === undefined || source.hidden?.includes(String(valuesAt(row, ["state"])[0])) === true) return null;
  const titles = textsAt(row, source.title);
  const title = upTo(titleOf(kind, titles), searchCaps.titleLength);
  const body = upTo(textsAt(row, source.body).join("\n"), searchCaps.bodyLength);
  return title === "" && body === "" ? null : { title, body, personIds: peopleOf(kind, row, source) };
}

/** Keys as people read them. */
function titleOf(kind: string, titles: readonly string[]): string {
  const joined = titles.join(": ");
  if (kind === personaKind.name) return joined.replaceAll("_", " ");
  return kind === playbookKind.name ? joined.replaceAll("-", " ") : joined;
}

function peopleOf(kind: string, row: Entity, source: TextSource): readonly string[] {
  const paths = kind === taskKind.name && valuesAt(row, ["performer", "kind"])[0] === "person" ? ["performer.id"] : source.people;
  return textsAt(row, paths);
}
