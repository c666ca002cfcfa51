import { z } from "zod";
import type { PolicyProblem } from "../../core/oversight/policy.ts";
import { Failure } from "../../core/shared/failure.ts";
import { decisionLoadView } from "../../engine/oversight/load-view.ts";
import {
  type ImaginedPolicy,
  findPolicy,
  imaginedBy,
  policyDetailView,
  policyDiffView,
  policyListView,
} from "../../engine/oversight/policy-view.ts";
import { commandAnswer } from "../../contract/fields.ts";
import {
  decisionLoadDocument,
  policiesDocument,
  policyAgreeBody,
  policyBody,
  policyCheck,
  policyCheckBody,
  policyDetail,
  policyDiffBody,
  policyDiffDocument,
  policyReasonBody,
} from "../../contract/policy-contract.ts";
import type { Command } from "../../engine/shared/commands.ts";
import type { Reader } from "../../engine/ports/store.ts";
import { type Call, type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import { answerOf, command, reading } from "./references.ts";

/** Policies: who may decide what, how they change, and what a change would do. */
export const policyRoutes = (): readonly Endpoint[] => [...readingRoutes(), ...changingRoutes()];

const diffOf = (use: HttpDependencies, member: Member, imagined: (reader: Reader) => Promise<ImaginedPolicy>) =>
  reading(use, member, async (reader) =>
    policyDiffView(reader, await imagined(reader), {
      policies: use.engine.policies,
      organizationId: member.organization.id,
      clock: use.clock,
    }),
  );

const readingRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/policies",
    summary: "Policies in force and proposed; with all=true also those that were",
    past: true,
    query: z.object({ all: z.enum(["true", "false"]).optional() }),
    answer: policiesDocument,
    run: (use, { member, query }) =>
      reading(use, member, (reader) =>
        policyListView(reader, {
          policies: use.engine.policies,
          organizationId: member.organization.id,
          viewerId: member.person.id,
          all: query.all === "true",
        }),
      ),
  }),
  endpoint({
    method: "get",
    path: "/api/policies/{reference}",
    summary: "One policy with all its versions",
    past: true,
    answer: policyDetail,
    run: (use, { member, reference }) => reading(use, member, (reader) => policyDetailView(reader, named(reference), member.person.id)),
  }),
  endpoint({
    method: "get",
    path: "/api/policies/{reference}/diff",
    summary: "What a proposed policy, or the withdrawal of one in force, would change",
    answer: policyDiffDocument,
    run: (use, { member, reference }) => diffOf(use, member, async (reader) => imaginedBy(await findPolicy(reader, named(reference)))),
  }),
  endpoint({
    method: "get",
    path: "/api/oversight/load",
    summary: "Whether decisions come in faster than people take them",
    answer: decisionLoadDocument,
    run: (use, { member }) => {
      const real: Member = { ...member, projects: member.projects.filter((project) => project.mode === "real") };
      return reading(use, real, (reader) => decisionLoadView(reader, use.clock.nowMs()));
    },
  }),
];

const invalid = (problems: readonly PolicyProblem[]): Failure =>
  new Failure("invalid", "policy.invalid", {
    message: `The policy is not valid: ${problems.map(({ line, column, message }) => `line ${line}, column ${column}: ${message}`).join(" ")}`,
  });

/** `key.version` in a path, where an @ may not stand. */
const named = (reference: string): string => reference.replace(/^([a-z][a-z0-9-]*)\.(\d+)$/u, "$1@$2");

const changingRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "post",
    path: "/api/policies",
    summary: "Propose a policy, or the next version of one",
    body: policyBody,
    answer: commandAnswer,
    status: 201,
    run: async (use, call) => answerOf(await command(use, call, { projectId: null, command: { kind: "propose-policy", ...call.body } })),
  }),
  endpoint({
    method: "post",
    path: "/api/policy-check",
    summary: "Everything wrong with a policy's text; changes nothing",
    body: policyCheckBody,
    answer: policyCheck,
    run: async (use, { body }) => ({ schema: "xvc.policy-check/1" as const, problems: use.engine.authorizer.problemsOf(body.text) }),
  }),
  endpoint({
    method: "post",
    path: "/api/policy-change-check",
    summary: "What a text in the place of its key's policy would change; changes nothing",
    body: policyDiffBody,
    answer: policyDiffDocument,
    run: (use, { member, body }) => {
      const problems = body.text === null ? [] : use.engine.authorizer.problemsOf(body.text);
      if (problems.length > 0) throw invalid(problems);
      return diffOf(use, member, async () => ({ ...body, statement: "" }));
    },
  }),
  endpoint({
    method: "post",
    path: "/api/policies/{reference}/agree",
    summary: "Agree to a proposed policy, or to a wished withdrawal",
    body: policyAgreeBody,
    answer: commandAnswer,
    run: (use, call) => change(use, call, (policyId) => ({ kind: "agree-policy", policyId, confirmation: call.body.confirm ?? null })),
  }),
  endpoint({
    method: "post",
    path: "/api/policies/{reference}/reject",
    summary: "Turn down a proposed policy, or a wished withdrawal",
    body: policyReasonBody,
    answer: commandAnswer,
    run: (use, call) => change(use, call, (policyId) => ({ kind: "reject-policy", policyId, reason: call.body.reason })),
  }),
  endpoint({
    method: "post",
    path: "/api/policies/{reference}/withdraw",
    summary: "Wish a policy in force withdrawn; a second person agrees",
    body: policyReasonBody,
    answer: commandAnswer,
    run: (use, call) => change(use, call, (policyId) => ({ kind: "withdraw-policy", policyId, reason: call.body.reason })),
  }),
];

async function change(use: HttpDependencies, call: Call<unknown, unknown>, commandFor: (policyId: string) => Command) {
  const policy = await reading(use, call.member, (reader) => findPolicy(reader, named(call.reference)));
  return answerOf(await command(use, call, { projectId: null, command: commandFor(policy.id) }));
}
