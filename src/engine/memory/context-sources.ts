import type { Attempt } from "../../core/execution/attempt.ts";
import { attemptKind } from "../../core/execution/attempt.ts";
import { type Task, taskKind } from "../../core/execution/task.ts";
import { type Piece, packLimits } from "../../core/memory/context-pack.ts";
import { bm25 } from "../../core/memory/relevance.ts";
import { type Project, projectKindOf } from "../../core/oversight/person.ts";
import { type WorkRequest, requestKind } from "../../core/requests/request.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { ContentStore } from "../ports/content.ts";
import type { Reader } from "../ports/store.ts";

/** What pieces are gathered from. */
export interface Gathering {
  readonly reader: Reader;
  /** Texts of inputs and outputs; content never changes, so it is the same at any instant. */
  readonly content: ContentStore;
  readonly task: Task;
  readonly request: WorkRequest;
  readonly project: Project | undefined;
  /** The tasks it builds on. */
  readonly upstream: readonly Task[];
  /** Its attempts so far, the first ones first. */
  readonly attempts: readonly Attempt[];
  /** What the task is about, in words. */
  readonly question: string;
  /** The project's time: what is in force is asked for it. */
  readonly nowMs: number;
}

/** A piece before its words are compared with the task's. */
export interface Candidate extends Omit<Piece, "relevance"> {
  /** What its connection to the task is worth by itself, 0 to 1; the words it shares add to it. */
  readonly base: number;
}

/** Characters of the request's words that the question takes up. */
const maxQuestionChars = 4_000;
/** Attempts of one task that are looked at. */
const maxAttempts = 50;

/** Reads the task with what it belongs to. @throws {Failure} `task.not-found` */
export async function startGathering(
  reader: Reader,
  given: { readonly taskId: string; readonly content: ContentStore; readonly nowMs: number },
): Promise<Gathering> {
  const task = await reader.get(taskKind, given.taskId);
  const request = task === undefined ? undefined : await reader.get(requestKind, task.requestId);
  if (task === undefined || request === undefined)
    throw new Failure("not-found", "task.not-found", {
      message: "There is no such task, or it is not yours to see. xvc task list shows those that are.",
    });
  const [project, upstream, attempts] = await Promise.all([
    reader.get(projectKindOf, request.projectId),
    reader.getMany(taskKind, task.dependsOn),
    reader.find(attemptKind, { where: { taskId: task.id }, limit: maxAttempts }),
  ]);
  return {
    reader,
    content: given.content,
    task,
    request,
    project,
    upstream,
    attempts,
    question: questionOf(task, request),
    nowMs: given.nowMs,
  };
}

function questionOf(task: Task, request: WorkRequest): string {
  const { spec } = task;
  const asked = request.brief === null ? [request.text] : [request.brief.interpretation, ...request.brief.goals];
  return [
    task.title,
    task.key,
    ...spec.acceptance.map(({ statement }) => statement),
    ...spec.skills,
    ...spec.outputs,
    ...task.reworkPoints.map(({ text }) => text),
    request.title,
    asked.join("\n").slice(0, maxQuestionChars),
  ].join("\n");
}

/**
 * The candidates as pieces: each one's own worth, and the words it shares with the task, as a share of the best one's. What binds says
 * what the task says, so it is no measure for the others.
 */
export function weighed(candidates: readonly Candidate[], question: string): readonly Piece[] {
  // What binds is never beyond the bound; of the rest the first ones are looked at.
  const looked = candidates.toSorted((left, right) => Number(right.pinned) - Number(left.pinned)).slice(0, packLimits.pieces);
  const scores = bm25(
    question,
    looked.map(({ title, text }) => `${title}\n${text}`),
  );
  const best = looked.reduce((most, { pinned }, at) => (pinned ? most : Math.max(most, scores[at] ?? 0)), 0);
  return looked.map(({ base, ...piece }, at) => {
    const shared = best === 0 ? 0 : Math.min(1, (scores[at] ?? 0) / best);
    return { ...piece, relevance: base + (1 - base) * shared };
  });
}

/** Lines that say something, one under the other. */
export const lines = (...said: readonly (string | null | undefined | false)[]): string =>
  said.filter((line) => typeof line === "string" && line.trim() !== "").join("\n");

/** `name: a, b`; nothing when there is none. */
export const listed = (name: string, all: readonly string[]): string => (all.length === 0 ? "" : `${name}: ${all.join(", ")}`);

/** A heading with points under it; nothing when there is none. */
export const points = (heading: string, all: readonly string[]): string =>
  all.length === 0 ? "" : `${heading}:\n${all.map((one) => `- ${one}`).join("\n")}`;
