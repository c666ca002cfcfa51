import type { ItemChoice, RiskClass } from "../oversight/inbox-item.ts";
import { type BriefQuestion, maxBriefQuestions } from "../requests/decide-brief.ts";
import type { Brief, Serves, WorkRequest } from "../requests/request.ts";
import type { JsonObject } from "../shared/json.ts";
import { matchPlaybooks } from "./match-playbook.ts";
import type { Playbook } from "./plan.ts";

/** The three ways on for a request that no playbook fits. */
export const waysOn: readonly ItemChoice[] = [
  { id: "playbook", label: "Pick a playbook", needs: "playbook" },
  { id: "tasks", label: "Write the tasks (table, JSON or a Markdown checklist)", needs: "plan" },
  { id: "one-task", label: "One task for a person", needs: "task" },
];

export interface DraftedBrief {
  readonly brief: Brief;
  readonly questions: readonly BriefQuestion[];
}

/**
 * Understands a request without a model: which playbook fits, what it needs, what nobody said. What cannot be
 * known becomes a question; answers given before are taken as they are.
 */
export function draftBrief(request: WorkRequest, playbooks: readonly Playbook[], serves?: Serves): DraftedBrief {
  const { brief, questions } = understand(request, playbooks);
  return { brief: serves === undefined ? brief : { ...brief, serves }, questions };
}

function understand(request: WorkRequest, playbooks: readonly Playbook[]): DraftedBrief {
  const how = answerOf(request, "how");
  if (how === "tasks" || how === "one-task")
    return {
      brief: briefOf(request, null, how === "tasks" ? "Do the tasks that a person wrote." : "One task for a person."),
      questions: [],
    };
  const { chosen, why, tied } = choosePlaybook(request, playbooks);
  if (chosen === null)
    return { brief: briefOf(request, null, "Ask a person how to go about it."), questions: [howQuestion(request, tied)] };
  // The rest is asked when these are answered.
  const questions = missingInputs(request, chosen).slice(0, maxBriefQuestions);
  return { brief: briefOf(request, chosen, `Playbook ${chosen.name}, version ${chosen.playbookVersion}. ${why}`), questions };
}

/** The named playbook, or the one whose phrase covers most of the request; two that cover as much are a question. */
function choosePlaybook(
  request: WorkRequest,
  playbooks: readonly Playbook[],
): { readonly chosen: Playbook | null; readonly why: string; readonly tied: readonly string[] } {
  if (request.playbook !== null)
    return { chosen: playbooks.find((playbook) => playbook.name === request.playbook) ?? null, why: "It was named.", tied: [] };
  const matches = matchPlaybooks(`${request.title}. ${request.text}`, playbooks);
  const [first, second] = matches;
  if (first === undefined || first.phrase.length === second?.phrase.length)
    return { chosen: null, why: "", tied: matches.map((match) => match.playbook.name) };
  return { chosen: first.playbook, why: `The request says "${first.phrase}".`, tied: [] };
}

function answerOf(request: WorkRequest, questionId: string): string | null {
  const answer = request.answers[questionId];
  const choice = typeof answer === "object" && answer !== null && !Array.isArray(answer) ? (answer as JsonObject)["choice"] : null;
  return typeof choice === "string" ? choice : null;
}

function howQuestion(request: WorkRequest, tied: readonly string[]): BriefQuestion {
  const missing = request.playbook === null ? "" : ` There is no playbook called "${request.playbook}".`;
  return {
    id: "how",
    title: `How should "${request.title}" be done?`,
    detail: `${tied.length > 1 ? `Several playbooks fit equally well: ${tied.join(", ")}.` : "No playbook fits, and nothing is guessed."}${missing} Pick a playbook, write the tasks, or make it one task for a person.`,
    ruleId: tied.length > 1 ? "planning.several-playbooks" : "planning.no-playbook",
    choices: waysOn,
  };
}

function missingInputs(request: WorkRequest, playbook: Playbook): readonly BriefQuestion[] {
  return playbook.inputs
    .filter(
      (input) => input.required && !request.inputs.some((given) => given.name === input.name || input.kind.split("|").includes(given.kind)),
    )
    .map((input) => ({
      id: `input:${input.name}`,
      title: `Which ${input.name} is meant?`,
      detail: `Playbook ${playbook.name} needs "${input.name}" (${input.kind.replaceAll("|", " or ")}); the request brings none. Answer with a path on this machine, or file the request again with --input.`,
      ruleId: "planning.input-missing",
      choices: [{ id: "input", label: `Give the ${input.name}`, needs: "input" }] as const,
    }));
}

function briefOf(request: WorkRequest, playbook: Playbook | null, approach: string): Brief {
  const option =
    playbook === null
      ? { id: "person", why: "no playbook was chosen" }
      : { id: playbook.name, why: "the playbook's phrase or name is in the request" };
  return {
    interpretation: playbook === null ? request.text.slice(0, 1_000) : `${request.title}: done as playbook "${playbook.name}" describes.`,
    goals: [request.title],
    constraints: constraintsOf(request),
    unknowns: [],
    options: [{ ...option, summary: approach, chosen: true }],
    approach,
    riskClass: playbook === null ? "medium" : riskOf(playbook),
    playbook: playbook === null ? null : playbook.name,
  };
}

const constraintsOf = (request: WorkRequest): readonly string[] => [
  ...(request.deadlineAtMs === null ? [] : ["a deadline was given"]),
  ...(request.budgetMicro === null ? [] : ["a budget was given"]),
  ...(request.inputs.length === 0 ? [] : [`works on: ${request.inputs.map((input) => `${input.name} (${input.kind})`).join(", ")}`]),
];

function riskOf(playbook: Playbook): RiskClass {
  const rows = playbook.plan["decomposition"];
  const risks = new Set((Array.isArray(rows) ? (rows as readonly JsonObject[]) : []).map((row) => row["risk"]));
  return risks.has("high") ? "high" : risks.has("low") && !risks.has("medium") ? "low" : "medium";
}
