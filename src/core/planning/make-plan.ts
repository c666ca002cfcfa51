import type { BriefQuestion } from "../requests/decide-brief.ts";
import type { WorkRequest } from "../requests/request.ts";
import { type PersonId, asId } from "../shared/ids.ts";
import type { Json, JsonObject } from "../shared/json.ts";
import type { PlanProblem } from "./check-plan.ts";
import { waysOn } from "./draft-brief.ts";
import type { PlanDocument } from "./plan-document.ts";
import type { PlanOrigin, Playbook } from "./plan.ts";
import { readChecklist, readTaskTable } from "./read-checklist.ts";
import { readPlan } from "./read-plan.ts";

export type MadePlan =
  | { readonly kind: "plan"; readonly document: PlanDocument; readonly origin: PlanOrigin; readonly problems: readonly PlanProblem[] }
  | { readonly kind: "question"; readonly question: BriefQuestion };

/** Makes the plan that the brief chose: the playbook adapted to the request, or what a person wrote as an answer. */
export function makePlan(request: WorkRequest, playbooks: readonly Playbook[], currency: string): MadePlan {
  const answer = answerTo(request, "how");
  if (answer !== null && (answer.choice === "tasks" || answer.choice === "one-task")) {
    const raw = answer.choice === "tasks" ? writtenPlan(answer.value) : oneTask(request, answer.value);
    return planOf(request, raw, {
      currency,
      origin: { kind: "person", name: answer.by, edited: true, authorId: asId<"person">(answer.by) satisfies PersonId },
    });
  }
  const playbook = playbooks.find((candidate) => candidate.name === request.brief?.playbook);
  if (playbook === undefined) return { kind: "question", question: replanQuestion(request) };
  const raw = { ...playbook.plan, ...(playbook.deliverable.length > 0 ? { deliverable: playbook.deliverable } : {}) };
  return planOf(request, raw, {
    currency,
    origin: {
      kind: "playbook",
      name: `${playbook.name}@${playbook.playbookVersion}`,
      edited: false,
      authorId: null,
      ...(playbook.proven === true ? { proven: true } : {}),
    },
  });
}

function planOf(
  request: WorkRequest,
  raw: Json,
  { origin, currency }: { readonly origin: PlanOrigin; readonly currency: string },
): MadePlan {
  const read = readPlan(raw, `${origin.kind}:${origin.name}`, currency);
  return {
    kind: "plan",
    document: { ...read.document, request: request.title, version: request.planCount + 1 },
    origin,
    problems: read.problems,
  };
}

interface Answer {
  readonly choice: string;
  readonly value: Json;
  readonly by: string;
}

function answerTo(request: WorkRequest, questionId: string): Answer | null {
  const answer = request.answers[questionId];
  if (typeof answer !== "object" || answer === null || Array.isArray(answer)) return null;
  const { choice, value, by } = answer as JsonObject;
  return typeof choice === "string" && typeof by === "string" ? { choice, value: value ?? null, by } : null;
}

/** A plan as a person may write it: a document, a table of rows, or a Markdown checklist; in a text, JSON counts as what it says. */
export function writtenPlan(value: Json): Json {
  if (typeof value === "string") return readWritten(value);
  if (Array.isArray(value)) return { decomposition: readTaskTable(objects(value)) };
  if (typeof value !== "object" || value === null) return value;
  const { markdown, table, document } = value as JsonObject;
  if (typeof markdown === "string") return { decomposition: readChecklist(markdown) };
  if (Array.isArray(table)) return { decomposition: readTaskTable(objects(table)) };
  return document ?? value;
}

function readWritten(text: string): Json {
  if (/^\s*[[{]/u.test(text)) {
    try {
      return writtenPlan(JSON.parse(text) as Json); // JSON.parse gives JSON
    } catch {
      // A checklist may begin with a bracket as well.
    }
  }
  return { decomposition: readChecklist(text) };
}

const objects = (rows: readonly Json[]): readonly JsonObject[] =>
  rows.filter((row): row is JsonObject => typeof row === "object" && row !== null && !Array.isArray(row));

function oneTask(request: WorkRequest, value: Json): Json {
  const said = typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
  const title =
    typeof value === "string" && value.trim() !== "" ? value : typeof said["title"] === "string" ? said["title"] : request.title;
  return {
    decomposition: [
      {
        task: "the_task",
        title,
        persona: typeof said["persona"] === "string" ? said["persona"] : "contributor",
        dependencies: [],
        executor: "human",
        outputs: ["result.md"],
      },
    ],
  };
}

/** Asks again how a request should be done, after a plan was sent back or could not be made. */
export const replanQuestion = (request: WorkRequest): BriefQuestion => ({
  id: "how",
  title: `What should the next plan of "${request.title}" look like?`,
  detail: "The last plan was sent back or could not be made. Pick a playbook, write the tasks, or make it one task for a person.",
  ruleId: "planning.plan-again",
  choices: waysOn,
});
