import { type Attempt, attemptKind } from "../../core/execution/attempt.ts";
import { type Task, taskKind } from "../../core/execution/task.ts";
import { relevances } from "../../core/memory/relevance.ts";
import { type Review, reviewKind } from "../../core/review/review.ts";
import { failureText } from "./context-assignment.ts";
import type { Candidate, Gathering } from "./context-sources.ts";
import { lines, listed, points } from "./context-sources.ts";

/** Upper bounds: finished tasks compared, the newest first; those most alike, whose troubles are told; and those of which it is told how they passed. */
export const experienceLimits = { compared: 1_000, alike: 24, told: 4, attempts: 200, reviews: 200 } as const;

/** From this share of the best one's score on a finished task counts as similar. */
const similarFrom = 0.4;

const aboutTask = (task: Task): string => [task.title, task.key, ...task.spec.skills, ...criteriaOf(task)].join("\n");
const criteriaOf = (task: Task): readonly string[] => task.spec.acceptance.map(({ statement }) => statement);

/** How similar tasks of the project passed, and what went wrong with them on the way. */
export async function experienceCandidates(gathering: Gathering): Promise<readonly Candidate[]> {
  const { reader, request } = gathering;
  const own = new Set<string>([gathering.task.id, ...gathering.task.dependsOn]);
  const page = { where: { state: ["passed", "integrated", "failed"] }, newestFirst: true, limit: experienceLimits.compared };
  const ended = (await reader.find(taskKind, page)).filter(({ id }) => !own.has(id));
  const scores = relevances(aboutTask(gathering.task), ended.map(aboutTask));
  const similar = ended
    .map((task, at) => ({ task, score: scores[at] ?? 0 }))
    .filter(({ score }) => score >= similarFrom)
    .toSorted((left, right) => right.score - left.score || (left.task.id < right.task.id ? 1 : -1))
    .slice(0, experienceLimits.alike);
  const ids = similar.map(({ task }) => task.id);
  if (ids.length === 0) return [];
  const [attempts, reviews] = await Promise.all([
    reader.find(attemptKind, { where: { taskId: ids }, newestFirst: true, limit: experienceLimits.attempts }),
    reader.find(reviewKind, { where: { taskId: ids, state: "done" }, newestFirst: true, limit: experienceLimits.reviews }),
  ]);
  return similar.flatMap(({ task, score }, at) => {
    const tried = attempts.filter(({ taskId }) => taskId === task.id).toSorted((left, right) => left.number - right.number);
    const sameRequest = task.requestId === request.id ? " of this request" : "";
    const course = { task, tried, reviews: reviews.filter(({ taskId }) => taskId === task.id), sameRequest, score };
    return [...(at < experienceLimits.told ? passedCandidate(course) : []), ...pitfallCandidate(course)];
  });
}

interface Course {
  readonly task: Task;
  /** How much it is like the task, 0 to 1. */
  readonly score: number;
  readonly tried: readonly Attempt[];
  readonly reviews: readonly Review[];
  readonly sameRequest: string;
}

function passedCandidate({ task, tried, reviews, sameRequest, score }: Course): readonly Candidate[] {
  const accepted = tried.find(({ id }) => id === task.attemptId) ?? tried.at(-1);
  if (task.state === "failed" || accepted === undefined) return [];
  const judged = reviews.filter(({ outcome }) => outcome === "pass").length;
  return [
    {
      id: `similar:${task.id}`,
      kind: "similar",
      title: task.title,
      text: lines(
        `Passed after ${count(task.attemptCount, "attempt")} and ${count(task.round, "round")} of review${judged === 0 ? "" : `, ${count(judged, "reviewer")} agreeing`}.`,
        points("Had to fulfil", criteriaOf(task)),
        points(
          "Checked",
          accepted.checks
            .filter(({ verdict }) => verdict === "pass")
            .map(({ criterionId, detail }) => `${criterionId}: ${detail}`.slice(0, maxLine)),
        ),
        accepted.interpretation.slice(0, maxText),
        points(
          "Notes",
          accepted.notes.slice(0, maxNotes).map((note) => note.slice(0, maxLine)),
        ),
        listed(
          "Gave",
          task.outputs.map(({ name }) => name),
        ),
      ),
      pinned: false,
      base: 0.3 * score,
      reason: `A task${sameRequest} much like this one, which passed.`,
    },
  ];
}

const count = (many: number, what: string): string => `${many} ${what}${many === 1 ? "" : "s"}`;

/** Characters of one line and of one text, and notes of one attempt, that are told of a similar task. */
const maxLine = 300;
const maxText = 1_200;
const maxNotes = 6;

function pitfallCandidate({ task, tried, sameRequest, score }: Course): readonly Candidate[] {
  const names = new Map(task.spec.acceptance.map(({ id, statement }) => [id, statement]));
  const said = tried.map((attempt) => failureText(attempt, (id) => names.get(id) ?? id)).filter((text) => text !== "");
  if (said.length === 0) return [];
  return [
    {
      id: `pitfall:${task.id}`,
      kind: "pitfall",
      title: `What went wrong with "${task.title}"`,
      text: [...new Set(said.join("\n").split("\n"))].join("\n"),
      pinned: false,
      base: 0.5 * score,
      reason: `A task${sameRequest} much like this one was sent back or failed for this${task.state === "failed" ? "" : " before it passed"}.`,
    },
  ];
}
