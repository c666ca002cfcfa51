import { type PlanProblem, planProblems } from "../../core/planning/check-plan.ts";
import { makePlan, replanQuestion } from "../../core/planning/make-plan.ts";
import { personaKind } from "../../core/personas/persona.ts";
import { type Plan, planKind } from "../../core/planning/plan.ts";
import type { PlanDocument } from "../../core/planning/plan-document.ts";
import { type WorkRequest, requestKind } from "../../core/requests/request.ts";
import { organizationKindOf } from "../../core/oversight/person.ts";
import { forecastPlan } from "../../core/scheduling/forecast-plan.ts";
import { Failure } from "../../core/shared/failure.ts";
import { type Json, type JsonObject, canonicalJson } from "../../core/shared/json.ts";
import type { JobRun } from "../ports/durable.ts";
import type { Reader } from "../ports/store.ts";
import { jobCaller, scopeOf } from "../shared/job-caller.ts";
import { hasMovedOn } from "../shared/refusal.ts";
import type { Workbench } from "../execution/workbench.ts";
import { latestPlaybooks } from "./run-analysis.workflow.ts";

/** Makes a plan from the chosen playbook or a person's words, checks it against what is here, and proposes it. */
export async function runPlanning(bench: Workbench, run: JobRun): Promise<void> {
  const found = await bench.store.read(scopeOf(run), (reader) => readPlanning(reader, run));
  if (found === null) return;
  const { request } = found;
  const made =
    found.previous?.state === "rejected" && request.answers["how"] === undefined
      ? ({ kind: "question", question: replanQuestion(request) } as const)
      : makePlan(request, found.playbooks, found.currency);
  const caller = { ...jobCaller(run, "planning"), key: `${jobCaller(run, "planning").key}:report` };
  bench.crash("job.before-report");
  try {
    if (made.kind === "question")
      await bench.apply(caller, { kind: "report-no-plan", requestId: run.subjectId, epoch: run.epoch, question: made.question });
    else {
      const problems = [
        ...made.problems,
        ...planProblems(made.document, {
          personas: new Set(found.rates.keys()),
          inputs: new Set(request.inputs.map((input) => input.name)),
          sandbox: bench.capabilities.sandbox,
        }),
      ].filter((problem) => problem.severity === "error");
      if (problems.length > 0)
        await bench.apply(caller, {
          kind: "report-no-plan",
          requestId: run.subjectId,
          epoch: run.epoch,
          question: unsoundQuestion(request, problems),
        });
      else await propose(bench, run, { found, document: made.document, origin: made.origin });
    }
  } catch (error) {
    if (!hasMovedOn(error)) throw error;
  }
  bench.crash("job.after-report");
}

type Found = NonNullable<Awaited<ReturnType<typeof readPlanning>>>;

async function readPlanning(reader: Reader, run: JobRun) {
  const request = await reader.get(requestKind, run.subjectId);
  if (request === undefined || request.epoch !== run.epoch || request.state !== "planning") return null;
  const personas = (await reader.find(personaKind, { limit: 1_000 })).filter((persona) => persona.retired !== true);
  const organization = await reader.get(organizationKindOf, run.organizationId);
  return {
    request,
    playbooks: await latestPlaybooks(reader),
    previous: request.planId === null ? undefined : await reader.get(planKind, request.planId),
    rates: new Map(personas.map((persona) => [persona.key, { capacity: persona.capacity, costPerHourMicro: persona.costPerHourMicro }])),
    currency: organization?.currency ?? "EUR",
  };
}

interface Proposal {
  readonly found: Found;
  readonly document: PlanDocument;
  readonly origin: Plan["origin"];
}

async function propose(bench: Workbench, run: JobRun, proposal: Proposal): Promise<void> {
  const { found, document, origin } = proposal;
  const caller = jobCaller(run, "planning");
  const documentSha256 = bench.digest(canonicalJson(document as unknown as Json)); // a plan document is plain JSON
  const forecast = forecastPlan(document, found.rates);
  const proposed = await bench.apply(
    { ...caller, key: `${caller.key}:report` },
    { kind: "propose-plan", requestId: run.subjectId, epoch: run.epoch, document, documentSha256, origin, forecast },
  );
  if (found.request.approveBeforehand)
    await approveBeforehand(bench, run, { ...proposal, planId: proposed["id"], cost: forecast?.costMicro.p90 ?? 0 });
}

/**
 * Carries out a decision made with the submission: only for an unmodified playbook, within the budget, by a
 * requester who has the authority. Otherwise the plan waits in the inbox like any other.
 */
async function approveBeforehand(
  bench: Workbench,
  run: JobRun,
  made: Proposal & { readonly planId: JsonObject[string] | undefined; readonly cost: number },
): Promise<void> {
  const { request } = made.found;
  const withinBudget = request.budgetMicro === null || made.cost <= request.budgetMicro;
  if (made.origin.kind !== "playbook" || made.origin.edited || !withinBudget || typeof made.planId !== "string") return;
  const caller = jobCaller(run, "planning");
  try {
    await bench.apply(
      { ...caller, key: `${caller.key}:beforehand`, actor: { kind: "person", id: request.requesterId } },
      {
        kind: "decide-plan",
        planId: made.planId,
        choice: "approve",
        reason: "Decided with the submission.",
        documentSha256: null,
        confirmation: null,
        beforehand: true,
      },
    );
  } catch (error) {
    if (!hasMovedOn(error) && !(error instanceof Failure && error.kind === "forbidden")) throw error;
  }
}

function unsoundQuestion(request: WorkRequest, problems: readonly PlanProblem[]) {
  const question = replanQuestion(request);
  return {
    ...question,
    title: `The plan for "${request.title}" is not sound`,
    detail: `${problems
      .slice(0, 10)
      .map((problem) => problem.message)
      .join(" ")} Choose another way on.`,
    ruleId: "planning.unsound",
  };
}
