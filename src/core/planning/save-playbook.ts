import type { WorkRequest } from "../requests/request.ts";
import type { Json, JsonObject } from "../shared/json.ts";
import { type Refusal, refuse } from "../shared/transition.ts";
import { playbookProblems } from "./decide-organization.ts";
import type { Check, PlanDocument, PlanTask } from "./plan-document.ts";
import type { Plan } from "./plan.ts";

/** What a person chooses about a playbook that is made of a plan. */
export interface PlaybookChoices {
  readonly name: string;
  /** Phrases by which a request finds it. */
  readonly matches: readonly string[];
}

export type SavedPlaybook =
  | { readonly kind: "draft"; readonly document: JsonObject; readonly problems: readonly string[] }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** The plan a playbook is made of, and what surrounded it. */
export interface PlannedWork {
  readonly request: WorkRequest;
  readonly plan: Plan;
  readonly document: PlanDocument;
  /** Keys of tasks that were cancelled or given up: they are no part of how it is done. */
  readonly dropped: ReadonlySet<string>;
  /** The latest version of a playbook of the chosen name; 0: there is none. */
  readonly knownVersion: number;
}

/** A name for a playbook, made of the request's title. */
export const suggestedName = (title: string): string =>
  title
    .toLowerCase()
    .normalize("NFKD")
    .replaceAll(/[^a-z0-9]+/gu, "-")
    .replaceAll(/^-+|-+$/gu, "")
    .slice(0, 60)
    .replace(/-+$/u, "") || "playbook";

/**
 * Makes an `xvc.playbook/1` of a plan that people approved: its tasks with estimates and acceptance, and a placeholder for
 * each input in place of what that request brought. It is a draft: whoever may teach reads it, changes it and adds it.
 */
export function savePlaybook(work: PlannedWork, choices: PlaybookChoices): SavedPlaybook {
  const { request, plan, document, knownVersion } = work;
  if (plan.state !== "approved")
    return {
      kind: "refused",
      refusal: refuse(
        "conflict",
        "playbook.plan-not-approved",
        `This plan is ${plan.state}; only a plan that people approved is worth keeping.`,
      ),
    };
  const general = (text: string): string => withoutSpecifics(text, request);
  const tasks = document.decomposition.filter((task) => !work.dropped.has(task.task));
  const playbook: JsonObject = {
    schema: "xvc.playbook/1",
    name: choices.name,
    version: knownVersion + 1,
    division: commonDivision(tasks),
    matches: [...choices.matches],
    inputs: request.inputs.map((input) => ({ name: input.name, kind: input.kind, required: true })),
    deliverable: document.deliverable ?? [],
    plan: {
      request: general(document.request),
      estimated_timeline: document.estimated_timeline,
      resource_requirements: document.resource_requirements,
      currency: document.currency,
      decomposition: tasks.map((task) => rowOf(task, work.dropped, general)),
    },
  };
  const { plan: saved, deliverable } = playbook as { readonly plan: JsonObject; readonly deliverable: readonly string[] }; // as built above
  return { kind: "draft", document: playbook, problems: playbookProblems({ name: choices.name, plan: saved, deliverable }) };
}

/** A task as a playbook states it; what only this plan knew (its origin) is left out. */
function rowOf(task: PlanTask, dropped: ReadonlySet<string>, general: (text: string) => string): JsonObject {
  const { origin: _origin, ...kept } = task;
  const row = {
    ...kept,
    title: general(task.title),
    dependencies: task.dependencies.filter((key) => !dropped.has(key)),
    estimate: { ...task.estimate },
    acceptance: task.acceptance.map(({ id, statement, check }) => ({
      id,
      statement: general(statement),
      check: generalCheck(check, general),
    })),
  };
  return row as unknown as JsonObject; // a plan's task is plain JSON by its type
}

const generalCheck = (check: Check, general: (text: string) => string): Check =>
  check.kind === "person" ? { ...check, question: general(check.question) } : check;

/** Shorter origins would be found in the middle of words. */
const minSpecific = 4;

/** Paths and commits of this request's inputs become placeholders such as `{repository}`. */
function withoutSpecifics(text: string, { inputs }: WorkRequest): string {
  let general = text;
  for (const { name, origin, facts } of inputs) {
    const commit: Json = facts["commit"] ?? null;
    for (const specific of [origin, typeof commit === "string" ? commit : ""])
      if (specific.length >= minSpecific) general = general.replaceAll(specific, `{${name}}`);
  }
  return general;
}

function commonDivision(tasks: readonly PlanTask[]): string {
  const counts = new Map<string, number>();
  for (const { division } of tasks) if (division !== undefined) counts.set(division, (counts.get(division) ?? 0) + 1);
  return [...counts].toSorted((left, right) => right[1] - left[1])[0]?.[0] ?? "";
}
