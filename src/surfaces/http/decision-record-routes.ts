import { type Decision, type DecisionOption, decisionKind } from "../../core/oversight/decision.ts";
import { requestKind } from "../../core/requests/request.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Command } from "../../engine/shared/commands.ts";
import {
  type DecisionBody,
  decisionBody,
  decisionMakeBody,
  decisionOutcomeBody,
  decisionReviewBody,
} from "../../contract/decision-contract.ts";
import { commandAnswer, idField } from "../../contract/fields.ts";
import { type Call, type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies } from "./http-dependencies.ts";
import { answerOf, command, projectOf, reading, requestOf } from "./references.ts";

/** Putting decisions on record, making proposed ones, and saying how they turned out. */
export const decisionRecordRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "post",
    path: "/api/decisions",
    summary: "Put a decision on record, or propose one; it may take the place of another",
    body: decisionBody,
    answer: commandAnswer,
    status: 201,
    run: record,
  }),
  ...settlingRoutes(),
];

const settlingRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "post",
    path: "/api/decisions/{reference}/make",
    summary: "Make a proposed decision",
    body: decisionMakeBody,
    answer: commandAnswer,
    run: (use, call) =>
      onDecision(use, call, ({ id: decisionId, options }) => ({
        kind: "make-decision",
        decisionId,
        expectedVersion: call.body.version,
        choice: choiceOf(options, call.body.choice),
        rationale: call.body.rationale ?? "",
        validFromMs: call.body.validFromMs ?? null,
      })),
  }),
  endpoint({
    method: "post",
    path: "/api/decisions/{reference}/outcome",
    summary: "Record how a decision turned out",
    body: decisionOutcomeBody,
    answer: commandAnswer,
    run: (use, call) =>
      onDecision(use, call, ({ id: decisionId }) => {
        const { version: expectedVersion, verdict, text } = call.body;
        return { kind: "record-outcome", decisionId, expectedVersion, verdict, text };
      }),
  }),
  endpoint({
    method: "post",
    path: "/api/decisions/{reference}/review",
    summary: "Set, move or take away the day on which a decision is looked at again",
    body: decisionReviewBody,
    answer: commandAnswer,
    run: (use, call) =>
      onDecision(use, call, ({ id: decisionId }) => {
        const { version: expectedVersion, reviewAtMs } = call.body;
        return { kind: "set-review", decisionId, expectedVersion, reviewAtMs };
      }),
  }),
];

async function record(use: HttpDependencies, call: Call<unknown, DecisionBody>) {
  const { body, member } = call;
  const request = body.request === undefined ? undefined : await requestOf(use, member, body.request);
  const project = projectOf(member, { reference: body.project ?? request?.projectId, rehearsal: false });
  const about = request === undefined ? { kind: "project", id: project.id } : { kind: "request", id: request.id };
  const { kind: subjectKind, id: subjectId } = body.subject ?? about;
  return answerOf(
    await command(use, call, {
      projectId: project.id,
      command: { kind: "record-decision", requestId: request?.id ?? null, subjectKind, subjectId, ...saidIn(body) },
    }),
  );
}

/** What a body says, with what it leaves out. */
function saidIn(body: DecisionBody) {
  const { question, topic = null, rationale = "", confidence = null, links = [], reviewAtMs = null, validFromMs = null } = body;
  const options = optionsOf(body.options);
  return {
    question,
    topic,
    rationale,
    confidence,
    links,
    reviewAtMs,
    validFromMs,
    options,
    choice: body.choice === undefined ? null : choiceOf(options, body.choice),
    supersedes: body.supersedes === undefined ? null : { decisionId: body.supersedes.id, expectedVersion: body.supersedes.version },
  };
}

/** Options without an id get one that reads like their label, as far as it is the only one. */
function optionsOf(given: DecisionBody["options"]): readonly DecisionOption[] {
  const named = given.map(({ id, label }) => id ?? idIn(label));
  return given.map(({ id, label, pros = [], cons = [] }, at) => {
    const name = named[at] ?? "";
    const isFree = name !== "" && named.indexOf(name) === at;
    return { id: id ?? (isFree ? name : `option-${at + 1}`), label, pros, cons };
  });
}

const idIn = (label: string): string =>
  label
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, "-")
    .replaceAll(/^-+|-+$/gu, "")
    .slice(0, 40)
    .replace(/-+$/u, "");

/** The option meant by its id, or by its label in any case; what fits none is left for the decision to refuse. */
const choiceOf = (options: readonly DecisionOption[], said: string): string =>
  (options.find(({ id }) => id === said) ?? options.find(({ label }) => label.toLowerCase() === said.toLowerCase()))?.id ?? said;

async function onDecision(
  use: HttpDependencies,
  call: Call<unknown, unknown>,
  commandFor: (decision: Decision) => Command,
): Promise<ReturnType<typeof answerOf>> {
  const { decision, projectId } = await placedDecision(use, call);
  return answerOf(await command(use, call, { projectId, command: commandFor(decision) }));
}

/** A decision that the caller may see, with its project. @throws {Failure} `decision.not-found` */
async function placedDecision(use: HttpDependencies, { member, reference }: Call<unknown, unknown>) {
  const isId = idField.safeParse(reference).success;
  const placed = await reading(use, member, async (reader) => {
    const decision = isId ? await reader.get(decisionKind, reference) : undefined;
    if (decision === undefined) return undefined;
    const request = decision.requestId === null ? undefined : await reader.get(requestKind, decision.requestId);
    return { decision, projectId: decision.projectId ?? request?.projectId ?? null };
  });
  if (placed !== undefined && placed.projectId !== null) return { ...placed, projectId: placed.projectId };
  throw new Failure("not-found", "decision.not-found", {
    message: "There is no such decision, or it is not yours to see. xvc memory decisions lists those that are.",
  });
}
