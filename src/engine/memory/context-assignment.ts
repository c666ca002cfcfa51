import type { Check } from "../../core/planning/plan-document.ts";
import type { Gathering, Candidate } from "./context-sources.ts";
import { lines, listed, points } from "./context-sources.ts";

/** What the task itself says: the brief it belongs to, what has to come out, what it must fulfil, and what came back. All of it binds. */
export function assignmentCandidates({ task, request, attempts }: Gathering): readonly Candidate[] {
  const { spec } = task;
  return [
    pinned("brief:" + request.id, {
      kind: "brief",
      title: request.title,
      text: briefText(request),
      reason: "The request that this task is part of.",
    }),
    pinned("task:" + task.id, {
      kind: "task",
      title: `${task.key}: ${task.title}`,
      text: lines(
        listed("Gives", spec.outputs),
        listed("Takes", spec.inputs),
        listed("Needs", spec.skills),
        listed("May use", spec.tools),
        `Risk: ${spec.risk}. Review: ${spec.review}. Likely effort: ${spec.estimate.likelyHours} h.`,
        points(
          "Asked and answered",
          task.answers.map(({ question, answer }) => `${question} ${answer}`),
        ),
      ),
      reason: "The task itself.",
    }),
    pinned("criteria:" + task.id, {
      kind: "criteria",
      title: "Must fulfil",
      text: spec.acceptance.map(({ id, statement, check }) => `- ${id}: ${statement} (${checkText(check)})`).join("\n"),
      reason: "What the result is checked by.",
    }),
    ...(task.reworkPoints.length === 0
      ? []
      : [
          pinned("rework:" + task.id, {
            kind: "pitfall",
            title: "Points to answer",
            text: task.reworkPoints.map(({ id, from, text }) => `- ${id} (${from}): ${text}`).join("\n"),
            reason: "The last review sent the work back with these points.",
          }),
        ]),
    ...earlierFailures(attempts),
  ];
}

const pinned = (id: string, said: Pick<Candidate, "kind" | "title" | "text" | "reason">): Candidate => ({
  id,
  ...said,
  pinned: true,
  base: 1,
});

function briefText(request: Gathering["request"]): string {
  const { brief } = request;
  if (brief === null) return request.text;
  return lines(
    brief.interpretation === "" ? request.text : brief.interpretation,
    points("Goals", brief.goals),
    points("Constraints", brief.constraints),
    points("Not known", brief.unknowns),
    brief.approach !== "" && `Approach: ${brief.approach}`,
    points(
      "Chosen",
      brief.options.filter(({ chosen }) => chosen).map(({ summary, why }) => `${summary} (${why})`),
    ),
  );
}

function checkText(check: Check): string {
  switch (check.kind) {
    case "output":
      return `the output ${check.output} is there`;
    case "schema":
      return `${check.output} keeps to a schema`;
    case "rule":
      return `rule ${check.rule}`;
    case "command":
      return `command ${check.run}`;
    case "reviewer":
      return `judged by ${check.reviewer}`;
    case "person":
      return `a person answers: ${check.question}`;
  }
}

/** Earlier attempts of which it is told how they ended. */
const maxEarlier = 5;

function earlierFailures(attempts: Gathering["attempts"]): readonly Candidate[] {
  return attempts
    .filter((attempt) => attempt.failure !== null || attempt.checks.some(({ verdict }) => verdict === "fail"))
    .slice(-maxEarlier)
    .map((attempt) => ({
      id: `attempt:${attempt.id}`,
      kind: "pitfall",
      title: `Attempt ${attempt.number} of this task`,
      text: failureText(attempt, (criterionId) => criterionId),
      pinned: false,
      base: 0.8,
      reason: "An earlier attempt at this task failed so.",
    }));
}

/** Points of one attempt that are told, and characters of each. */
const maxPoints = 12;
const maxPointChars = 500;

/** What was wrong with an attempt: its failure, its failed checks, and what a review wanted changed before it. */
export function failureText(attempt: Gathering["attempts"][number], nameOf: (criterionId: string) => string): string {
  const message = attempt.failure?.["message"];
  const said = [
    ...(typeof message === "string" ? [message] : []),
    ...attempt.checks.filter(({ verdict }) => verdict === "fail").map(({ criterionId, detail }) => `${nameOf(criterionId)}: ${detail}`),
    ...attempt.reworkPoints.map(({ text }) => text),
  ];
  return [...new Set(said)]
    .slice(0, maxPoints)
    .map((one) => `- ${one.slice(0, maxPointChars)}`)
    .join("\n");
}
