import { type Authority, answerProblem } from "../oversight/authority.ts";
import type { InboxItem } from "../oversight/inbox-item.ts";
import { closeItem } from "../oversight/open-item.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import type { Json } from "../shared/json.ts";
import { type Decided, beginStep, refuse } from "../shared/transition.ts";
import { moveRequest, startRequestJob } from "./move-request.ts";
import { type RequestInput, type WorkRequest, requestKind } from "./request.ts";

/** A person's answer to one item of the inbox. */
export interface AnswerItem {
  readonly kind: "answer-item";
  readonly itemId: string;
  readonly choice: string;
  readonly value: Json;
  readonly reason: string;
  /** Inputs that the answer brings, already kept as content. */
  readonly inputs: readonly RequestInput[];
  readonly confirmation: string | null;
}

export interface RequestAnswerSlice {
  readonly request: WorkRequest;
  readonly item: InboxItem;
  /** Questions about this request that are open, the answered one among them. */
  readonly openQuestions: number;
  readonly authority: Authority;
}

/** Takes an answer to a question of analysis or planning; after the last open one the request is analysed again. */
export function decideRequestAnswer(slice: RequestAnswerSlice, command: AnswerItem, context: DecideContext): Decided {
  const { request, item, authority } = slice;
  const problem = answerProblem(item, command);
  if (problem !== null) return refuse("conflict", problem.code, problem.message);
  if (authority.kind === "denied") return refuse("forbidden", authority.code, authority.message);
  if (request.state !== "needs-input")
    return refuse("conflict", "request.not-waiting", `The request is ${request.state} and waits for no answer.`);
  const { questionId } = item.evidence;
  const step = beginStep(context);
  closeItem(step, item, { ...command, soloWaiver: authority.soloWaiver });
  const known = new Set(command.inputs.map((input) => input.name));
  step.draft.change(requestKind, request, {
    answers: {
      ...request.answers,
      [typeof questionId === "string" ? questionId : item.id]: { choice: command.choice, value: command.value, by: context.actor.id },
    },
    inputs: [...request.inputs.filter((input) => !known.has(input.name)), ...command.inputs],
    playbook: command.choice === "playbook" && typeof command.value === "string" ? command.value : request.playbook,
  });
  if (slice.openQuestions <= 1) startRequestJob(step, moveRequest(step, request, { to: "analysing", data: { answered: item.id } }));
  return step.draft.accept({ id: item.id, state: "answered", requestState: step.draft.current(requestKind, request).state });
}
