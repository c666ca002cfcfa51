/* Rows of a generated organization as they are written down, with what a person would read of each. */
import { createHash } from "node:crypto";
import { createSequenceIds } from "../../src/adapters/in-process/sequence-ids.ts";
import { type Attempt, attemptKind } from "../../src/core/execution/attempt.ts";
import { type Task, taskKind } from "../../src/core/execution/task.ts";
import { type Fact, factKind } from "../../src/core/memory/fact.ts";
import { type Decision, decisionKind } from "../../src/core/oversight/decision.ts";
import { type WorkRequest, requestKind } from "../../src/core/requests/request.ts";
import { type Review, reviewKind } from "../../src/core/review/review.ts";
import type { Artifact } from "../../src/core/shared/content.ts";
import type { Entity, EntityKind } from "../../src/core/shared/entity.ts";
import { asId } from "../../src/core/shared/ids.ts";
import type { Change, EventDraft } from "../../src/core/shared/transition.ts";
import type { ContentStore, Digest } from "../../src/engine/ports/content.ts";
import type { Scope } from "../../src/engine/ports/store.ts";
import { samplePlanTask, sampleRequest, sampleTask } from "../../test/conformance/sample-rows.ts";
import { type Draw } from "./draw.ts";

/** Something of the record as plain text, in the order of its making. */
export interface HistoryItem {
  readonly id: string;
  readonly text: string;
  /** The row itself with its events, as a program would hand it over. */
  readonly json: string;
}

export const first = { version: 1, eventCount: 0 } as const;
export const digest: Digest = (text) => asId<"sha256">(createHash("sha256").update(text).digest("hex"));
const dayMs = 86_400_000;

/** Writes rows down and remembers them as history. */
export function openBook(draw: Draw) {
  const ids = createSequenceIds({ seed: 5 });
  const changes: Change[] = [];
  const events: EventDraft[] = [];
  const history: HistoryItem[] = [];
  const put = <Row extends Entity>(
    kind: EntityKind<Row>,
    row: Row,
    told: { readonly text: string; readonly facts?: readonly string[] },
  ): Row => {
    const drafts = (told.facts ?? []).map((event, at): EventDraft => ({
      subjectKind: kind.name,
      subjectId: row.id,
      number: at + 1,
      kind: event,
      data: { title: told.text.slice(0, 60) },
    }));
    const stored = { ...row, eventCount: drafts.length };
    changes.push({ kind, before: undefined, after: stored });
    events.push(...drafts);
    history.push({ id: row.id, text: told.text, json: JSON.stringify([stored, ...drafts]) });
    return stored;
  };
  return { ids, draw, changes, events, history, put };
}
type Book = ReturnType<typeof openBook>;

/** What everything is drawn from. */
export interface World {
  readonly book: Book;
  readonly scope: Scope;
  readonly content: ContentStore;
  readonly words: Words;
  readonly nowMs: number;
  readonly person: string;
}

export interface Words {
  readonly plain: readonly string[];
  readonly topics: readonly (readonly string[])[];
}

/** A sentence of plain words with some of the trade among them. */
export function sentence({ book, words }: World, trade: readonly string[], length: number): string {
  const said = Array.from({ length }, () => book.draw.one(words.plain));
  for (const word of trade) said.splice(book.draw.below(said.length + 1), 0, word);
  return `${said.join(" ")}.`;
}

export const topicOf = ({ words, book }: World): readonly string[] => book.draw.one(words.topics);

export async function fileOf({ content }: World, name: string, text: string): Promise<Artifact> {
  const bytes = new TextEncoder().encode(text);
  return { name, sha256: await content.write(bytes), mediaType: "text/markdown", bytes: bytes.byteLength };
}

/** Paragraphs about the topic's neighbours; one of them holds what is asked for, when something is. */
export function document(world: World, paragraphs: number, required: string | null): string {
  const all = Array.from({ length: paragraphs }, () => sentence(world, world.book.draw.some(topicOf(world), 1), 45));
  if (required !== null) all.splice(world.book.draw.below(all.length + 1), 0, required);
  return all.join("\n\n");
}

export function decide(
  world: World,
  about: { readonly id: string; readonly kind: string; readonly requestId: string | null },
  said: { readonly question: string; readonly rationale: string },
): void {
  const { book, scope, person, nowMs } = world;
  const decision: Decision = {
    ...first,
    id: book.ids.next(),
    state: "made",
    origin: "recorded",
    projectId: asId(scope.projectIds[0] ?? ""),
    requestId: about.requestId === null ? null : asId(about.requestId),
    subjectKind: about.kind,
    subjectId: about.id,
    topic: null,
    question: said.question,
    options: [{ id: "a", label: sentence(world, [], 3) }],
    choice: "a",
    rationale: said.rationale,
    confidence: null,
    evidence: {},
    links: [],
    deciderId: person,
    authority: "record-decision:director",
    soloWaiver: false,
    madeAtMs: nowMs - dayMs,
    validFromMs: nowMs - dayMs,
    validToMs: null,
    reviewAtMs: null,
    outcome: null,
    supersedesId: null,
    supersededById: null,
  };
  book.put(decisionKind, decision, { text: `${said.question}\n${said.rationale}`, facts: ["decision.made"] });
}

export function know(world: World, subjectName: string, value: string): void {
  const { book, scope, person, nowMs } = world;
  const fact: Fact = {
    ...first,
    id: book.ids.next(),
    projectId: asId(scope.projectIds[0] ?? ""),
    subjectKind: "words",
    subjectId: subjectName,
    subjectName,
    attribute: "terms",
    periods: [{ fromMs: 0, toMs: null, value, source: { text: "offer", address: null }, byId: person, recordedAtMs: nowMs - dayMs }],
  };
  book.put(factKind, fact, { text: `${subjectName}, terms: ${value}`, facts: ["fact.recorded"] });
}

/** A task with its end: passed after an attempt or two, the first of which was sent back. */
export function finishedTask(
  world: World,
  request: WorkRequest,
  given: { readonly topic: readonly string[]; readonly at: number; readonly pitfall: string | null },
): void {
  const { book } = world;
  const title = sentence(world, book.draw.some(given.topic, 3), 4);
  const statement = sentence(world, book.draw.some(given.topic, 2), 8);
  const id = book.ids.next();
  const attemptId = book.ids.next();
  const task = sampleTask(
    { id, requestId: request.id, planId: book.ids.next() },
    {
      key: `t${given.at}`,
      ordinal: given.at,
      title,
      state: "passed",
      attemptId: asId(attemptId),
      attemptNumber: 1,
      attemptCount: 1,
      round: 1,
      spec: {
        ...samplePlanTask,
        task: `t${given.at}`,
        title,
        skills: [],
        acceptance: [{ id: "a1", statement, check: { kind: "output", output: "draft.md" } }],
      },
    },
  );
  book.put(taskKind, task, {
    text: `${title}\n${statement}`,
    facts: ["task.ready", "task.assigned", "task.started", "task.submitted", "task.in-review", "task.passed"],
  });
  const points =
    given.pitfall === null ? (book.draw.below(3) === 0 ? [sentence(world, book.draw.some(given.topic, 1), 14)] : []) : [given.pitfall];
  const attempt = attemptOf(world, task, { id: attemptId, points });
  book.put(attemptKind, attempt, {
    text: [title, attempt.interpretation, ...points].join("\n"),
    facts: ["attempt.leased", "run.started", "run.ended"],
  });
  const review = reviewOf(world, attempt);
  book.put(reviewKind, review, {
    text: `Review of ${title}: pass. ${review.verdicts[0]?.detail ?? ""}`,
    facts: ["review.opened", "review.done"],
  });
}

function reviewOf(world: World, attempt: Attempt): Review {
  return {
    ...first,
    id: world.book.ids.next(),
    taskId: attempt.taskId,
    attemptId: asId(attempt.id),
    requestId: attempt.requestId,
    round: 1,
    state: "done",
    reviewer: { kind: "persona", id: "reviewer" },
    executor: "rules",
    epoch: 1,
    handOvers: 0,
    verdicts: [{ criterionId: "a1", kind: "reviewer", verdict: "pass", detail: sentence(world, [], 10), evidence: { looked: 1 } }],
    outcome: "pass",
    openedAtMs: 1,
    decidedAtMs: 2,
  };
}

function attemptOf(world: World, task: Task, given: { readonly id: string; readonly points: readonly string[] }): Attempt {
  return {
    ...first,
    id: given.id,
    taskId: asId(task.id),
    requestId: task.requestId,
    number: 1,
    state: "submitted",
    performer: { kind: "persona", id: "writer" },
    executor: "rules",
    epoch: 1,
    handOvers: 0,
    startedAtMs: 1,
    endedAtMs: 2,
    interpretation: sentence(world, world.book.draw.some(topicOf(world), 1), 20),
    reworkPoints: given.points.map((text, at) => ({ id: `r1.${at + 1}`, from: "reviewer", text })),
    pointAnswers: {},
    outputs: [],
    checks: [{ criterionId: "a1", kind: "output", verdict: "pass", detail: "draft.md is there", evidence: { outputs: 1 } }],
    costMicro: 0,
    failure: null,
    notes: [],
  };
}

export function requestOf(world: World, given: Partial<WorkRequest> & { readonly number: number }): WorkRequest {
  const { book, scope, person } = world;
  const request = sampleRequest(
    { id: book.ids.next(), projectId: scope.projectIds[0] ?? "", requesterId: person },
    { state: "active", script: null, answers: {}, ...given },
  );
  return book.put(requestKind, request, {
    text: `${request.title}\n${request.text}`,
    facts: ["request.submitted", "request.analysing", "request.planning", "request.active"],
  });
}
