import { z } from "zod";
import { type PlanProblem, planProblems } from "../../core/planning/check-plan.ts";
import { readChecklist, readTaskTable } from "../../core/planning/read-checklist.ts";
import { readPlan } from "../../core/planning/read-plan.ts";
import type { PlanDocument } from "../../core/planning/plan-document.ts";
import { planKind } from "../../core/planning/plan.ts";
import { Failure } from "../../core/shared/failure.ts";
import { canonicalJson, type Json, type JsonObject } from "../../core/shared/json.ts";
import { planDetailView, planListView } from "../../engine/planning/plan-view.ts";
import { commandAnswer } from "../../contract/fields.ts";
import {
  type PlanDecisionBody,
  type PlanPatchBody,
  type PlanProposalBody,
  planCheckAnswer,
  planCheckBody,
  planDecisionBody,
  planList,
  planPatchBody,
  planProposalBody,
  planView,
} from "../../contract/plan-contract.ts";
import { type Call, type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import { answerOf, command, labelOf, lookingOf, planOf, reading, requestOf } from "./references.ts";

const showPlan = endpoint({
  method: "get",
  path: "/api/requests/{reference}/plan",
  summary: "The present plan of a request and where its tasks stand",
  past: true,
  query: z.object({ version: z.coerce.number().int().min(1).max(1_000_000).optional() }),
  answer: planView,
  run: async (use, { member, reference, query }) => {
    const request = await requestOf(use, member, reference);
    return reading(use, member, async (reader) => {
      const [numbered] =
        query.version === undefined
          ? []
          : await reader.find(planKind, { where: { requestId: request.id, number: query.version }, limit: 1 });
      const planId = query.version === undefined ? request.planId : (numbered?.id ?? null);
      if (planId === null)
        throw new Failure("not-found", "plan.not-yet", {
          message: `${labelOf(member, request)} has no ${query.version === undefined ? "plan yet" : `plan ${query.version}`}: it is ${request.state}.`,
        });
      return planDetailView(reader, planId, lookingOf(use, member));
    });
  },
});

const listPlans = endpoint({
  method: "get",
  path: "/api/requests/{reference}/plans",
  summary: "Every version of a request's plan, the latest first",
  past: true,
  answer: planList,
  run: async (use, { member, reference }) => {
    const request = await requestOf(use, member, reference);
    return reading(use, member, (reader) => planListView(reader, request.id));
  },
});

const proposePlan = endpoint({
  method: "post",
  path: "/api/requests/{reference}/plan",
  summary: "Propose a plan of one's own",
  body: planProposalBody,
  answer: commandAnswer,
  status: 201,
  run: propose,
});

const approvePlan = endpoint({
  method: "post",
  path: "/api/plans/{reference}/approve",
  summary: "Approve a plan and start its work",
  body: planDecisionBody,
  answer: commandAnswer,
  run: (use, call) => decide(use, call, "approve"),
});

const rejectPlan = endpoint({
  method: "post",
  path: "/api/plans/{reference}/reject",
  summary: "Reject a plan, or ask for another",
  body: planDecisionBody,
  answer: commandAnswer,
  run: (use, call) => decide(use, call, call.body.changes === true ? "changes" : "reject"),
});

const patchPlan = endpoint({
  method: "post",
  path: "/api/plans/{reference}/patch",
  summary: "Change a running plan: it waits for a second person, where there is one",
  body: planPatchBody,
  answer: commandAnswer,
  run: patch,
});

const checkPlan = endpoint({
  method: "post",
  path: "/api/plan-check",
  summary: "Judge a plan without keeping it",
  body: planCheckBody,
  answer: planCheckAnswer,
  run: async (_use, { member, body }) => {
    const read = readPlan(body.document, "person", member.organization.currency);
    const problems: readonly PlanProblem[] = read.problems.length > 0 ? read.problems : planProblems(read.document);
    return {
      schema: "xvc.plan-check/1" as const,
      ok: problems.every((problem) => problem.severity !== "error"),
      problems: problems.slice(0, 500),
    };
  },
});

/** Plans: reading, writing and deciding them. */
export const planRoutes = (): readonly Endpoint[] => [showPlan, listPlans, proposePlan, approvePlan, rejectPlan, patchPlan, checkPlan];

/** The raw plan behind the three ways to write one. */
function rawPlan(body: PlanProposalBody, requestText: string): Json {
  if ("document" in body) return body.document as JsonObject; // JSON by the contract
  const rows = "markdown" in body ? readChecklist(body.markdown) : readTaskTable(body.table);
  return { request: requestText, decomposition: [...rows] };
}

/** @throws {Failure} `plan.unreadable` with every problem */
function readOrRefuse(raw: Json, member: Member): PlanDocument {
  const read = readPlan(raw, `person:${member.person.id}`, member.organization.currency);
  const errors = read.problems.filter((problem) => problem.severity === "error");
  if (errors.length === 0) return read.document;
  const shown = errors
    .slice(0, 3)
    .map((problem) => problem.message)
    .join(" ");
  throw new Failure("invalid", "plan.unreadable", {
    message: `The plan has ${errors.length} problem(s): ${shown}`,
    problems: errors.slice(0, 200).map((problem) => ({ ...problem })),
  });
}

const hashOf = (use: HttpDependencies, document: PlanDocument): string => use.engine.digest(canonicalJson(document as unknown as Json)); // a plan document is plain JSON

async function propose(use: HttpDependencies, call: Call<unknown, PlanProposalBody>) {
  const request = await requestOf(use, call.member, call.reference);
  const document = readOrRefuse(rawPlan(call.body, request.title), call.member);
  const answer = await command(use, call, {
    projectId: request.projectId,
    command: {
      kind: "propose-plan",
      requestId: request.id,
      epoch: null,
      document,
      documentSha256: hashOf(use, document),
      origin: {
        kind: "person",
        name: call.member.person.id,
        edited: false,
        authorId: request.requesterId === call.member.person.id ? request.requesterId : authorOf(call.member),
      },
      forecast: null,
      seenSha256: "document" in call.body ? (call.body.seenSha256 ?? seenIn(call)) : null,
    },
  });
  return answerOf(answer, { label: labelOf(call.member, request) });
}

/** The version that the caller changed, as `If-Match` says it. */
const seenIn = (call: Pick<Call<unknown, unknown>, "header">): string | null =>
  /^"([0-9a-f]{64})"$/u.exec(call.header("if-match") ?? "")?.[1] ?? null;

const authorOf = (member: Member) => member.person.id as typeof member.person.id & { readonly idOf: "person" }; // the row's own id

async function decide(use: HttpDependencies, call: Call<unknown, PlanDecisionBody>, choice: "approve" | "changes" | "reject") {
  const { row: plan, request } = await planOf(use, call.member, call.reference);
  const seen = call.body.documentSha256 ?? seenIn(call);
  const answer = await command(use, call, {
    projectId: request.projectId,
    command: {
      kind: "decide-plan",
      planId: plan.id,
      choice,
      reason: call.body.reason ?? "",
      documentSha256: seen,
      confirmation: call.body.confirm ?? null,
      beforehand: false,
    },
  });
  return answerOf(answer, { label: labelOf(call.member, request) });
}

async function patch(use: HttpDependencies, call: Call<unknown, PlanPatchBody>) {
  const { row: plan, request } = await planOf(use, call.member, call.reference);
  const document = readOrRefuse(call.body.document as JsonObject, call.member); // JSON by the contract
  const answer = await command(use, call, {
    projectId: request.projectId,
    command: {
      kind: "patch-plan",
      planId: plan.id,
      document,
      documentSha256: hashOf(use, document),
      reason: call.body.reason,
      seenSha256: call.body.seenSha256 ?? seenIn(call),
      confirmation: call.body.confirm ?? null,
    },
  });
  return answerOf(answer, { label: labelOf(call.member, request) });
}
